package translate

import (
	"strconv"
	"strings"

	networking "istio.io/api/networking/v1alpha3"
)

const (
	defaultAttempts = 2
	statusCodes     = "retriable-status-codes"
	// What Istio repeats where a route says nothing.
	defaultConditions = "connect-failure,refused-stream,unavailable,cancelled,503"
)

// retryPolicy is nil where retries are off; without any word about retries Istio repeats twice.
func retryPolicy(retries *networking.HTTPRetry) object {
	attempts, conditions := int32(defaultAttempts), defaultConditions
	if retries != nil {
		attempts = retries.Attempts
		if retries.RetryOn != "" {
			conditions = retries.RetryOn
		}
	}
	if attempts <= 0 {
		return nil
	}
	named, codes := split(conditions)
	policy := object{"retry_on": named, "num_retries": attempts}
	if len(codes) > 0 {
		policy["retriable_status_codes"] = codes
	}
	if ignore := retries.GetRetryIgnorePreviousHosts(); ignore == nil || ignore.Value {
		policy["host_selection_retry_max_attempts"] = 5
		policy["retry_host_predicate"] = list{object{
			"name":         "envoy.retry_host_predicates.previous_hosts",
			"typed_config": typed("extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate", nil),
		}}
	}
	if retries.GetPerTryTimeout() != nil {
		policy["per_try_timeout"] = seconds(retries.PerTryTimeout)
	}
	if retries.GetBackoff() != nil {
		policy["retry_back_off"] = object{"base_interval": seconds(retries.Backoff)}
	}
	return policy
}

// split takes the status codes out of retryOn, where Istio lets them stand among the named conditions.
func split(conditions string) (named string, codes list) {
	var names []string
	for _, condition := range strings.Split(conditions, ",") {
		condition = strings.TrimSpace(condition)
		if code, err := strconv.Atoi(condition); err == nil {
			codes = append(codes, code)
		} else if condition != "" {
			names = append(names, condition)
		}
	}
	if len(codes) > 0 {
		names = append(names, statusCodes)
	}
	return strings.Join(names, ","), codes
}
