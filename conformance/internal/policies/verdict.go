package policies

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/textproto"
	"regexp"
	"slices"
	"strings"
	"time"

	"cdk8s-mesh/conformance/internal/calls"
	"cdk8s-mesh/conformance/internal/proxy"
	"cdk8s-mesh/conformance/internal/translate"
)

const (
	grpcPermissionDenied = 7
	grpcUnauthenticated  = 16
	logWithin            = 5 * time.Second
)

// verdict is what came of a call.
type verdict struct {
	outcome   string
	by        string
	applied   []string
	rehearsed string
	details   string
	received  response
}

func (v verdict) String() string {
	text := v.outcome
	if v.by != "" {
		text += " by " + v.by
	}
	if v.by == nobody {
		text += fmt.Sprintf(" of %v", v.applied)
	}
	if v.rehearsed != "" {
		text += ", refused in rehearsal by " + v.rehearsed
	}
	return text + " (" + v.details + ")"
}

const nobody = "none"

// entry is what the proxy wrote down about one call.
type entry struct{ request, connection map[string]any }

var (
	refusedBy = regexp.MustCompile(`^rbac_access_denied_matched_policy\[(?:none|ns\[([^\]]*)\]-policy\[([^\]]*)\]-rule\[\d+\])\]$`)
	rehearsal = regexp.MustCompile(`denied=(?:ns\[[^\]]*\]-policy\[([^\]]*)\]|(-|))`)
)

// judge reads the answer, and the access log for why it came out so. What is neither is named in full.
func judge(attempt calls.Attempt, got response, log entry) verdict {
	details, failure, rehearsed := field(log, translate.LogDetails), field(log, translate.LogFailure), field(log, translate.LogRehearsed)
	if attempt.Method == "" || details == "" {
		details = cmp.Or(field(log, translate.LogClosed), details)
	}
	v := verdict{details: strings.TrimSpace(details + " " + failure), received: got}
	if match := rehearsal.FindStringSubmatch(rehearsed); match != nil {
		if v.rehearsed = match[1]; v.rehearsed == "" {
			v.rehearsed = nobody
		}
	}
	grpc := strings.HasPrefix(attempt.Headers["content-type"], calls.GRPCType)
	refused := func(status, code int) bool {
		switch {
		case attempt.Method == "":
			return got.err != nil
		case grpc:
			return got.err == nil && got.status == http.StatusOK && got.grpc == code
		}
		return got.err == nil && got.status == status
	}
	match := refusedBy.FindStringSubmatch(details)
	switch {
	case got.err == nil && got.served != "" && (attempt.Method == "" || got.status == http.StatusOK):
		v.outcome = calls.Served
	case match != nil && refused(http.StatusForbidden, grpcPermissionDenied):
		v.outcome, v.by = calls.Denied, match[2]
		if v.by == "" {
			v.by = nobody
		}
	case attempt.Method != "" && strings.HasPrefix(details, "jwt_authn_access_denied") && refused(http.StatusUnauthorized, grpcUnauthenticated):
		v.outcome = calls.WrongToken
	case attempt.Method != "" && strings.HasPrefix(details, "jwt_authn_access_denied{Audiences") && refused(http.StatusForbidden, grpcPermissionDenied):
		v.outcome = calls.WrongAudience
	case got.err != nil && strings.Contains(failure, "CERTIFICATE_VERIFY_FAILED"):
		v.outcome = calls.CertificateRefused
	case got.err != nil && details == "filter_chain_not_found":
		v.outcome = calls.EncryptionRefused
		switch {
		case attempt.Plaintext:
			v.outcome = calls.PlaintextRefused
		case attempt.SNI != "":
			v.outcome = calls.UnknownHost
		}
	case attempt.SNI != "" && details == "route_not_found" && refused(http.StatusNotFound, 12):
		v.outcome = calls.UnknownHost
	default:
		v.outcome = fmt.Sprintf("status %d, grpc-status %d, %v", got.status, got.grpc, got.err)
	}
	return v
}

func field(log entry, name string) string {
	for _, line := range []map[string]any{log.request, log.connection} {
		if text, _ := line[name].(string); text != "" && text != "-" {
			return text
		}
	}
	return ""
}

// against gives the reasons why a verdict is not what was expected.
func (v verdict) against(want calls.Policy) []string {
	var reasons []string
	if want.Expect != v.outcome || want.By != v.by {
		reasons = append(reasons, fmt.Sprintf("expected %s, got %s", strings.TrimSuffix(want.Expect+" by "+want.By, " by "), v))
	}
	if want.Rehearsed != v.rehearsed && want.Rehearsed != "" {
		reasons = append(reasons, fmt.Sprintf("expected a rehearsed refusal by `%s`, got %s", want.Rehearsed, v))
	}
	if want.Applied != nil && !slices.Equal(want.Applied, v.applied) {
		reasons = append(reasons, fmt.Sprintf("expected the ALLOW policies %v, got %v", want.Applied, v.applied))
	}
	if path := want.Received.Path; path != "" && path != v.received.served {
		reasons = append(reasons, fmt.Sprintf("expected the callee to be asked for `%s`, it was for `%s`", path, v.received.served))
	}
	for name, value := range want.Received.Headers {
		if got := v.received.header.Get(seenPrefix + textproto.CanonicalMIMEHeaderKey(name)); got != value {
			reasons = append(reasons, fmt.Sprintf("expected the callee to see header %s `%s`, got `%s`", name, value, got))
		}
	}
	return reasons
}

// written waits for what the proxy has to say about the calls; it says it a little later.
func written(envoy *proxy.Envoy, numbers []string) (map[string]entry, error) {
	for deadline := time.Now().Add(logWithin); ; time.Sleep(10 * time.Millisecond) {
		text, err := envoy.Log()
		if err != nil {
			return nil, err
		}
		entries := map[string]entry{}
		for _, line := range strings.Split(string(text), "\n") {
			fields := map[string]any{}
			if json.Unmarshal([]byte(line), &fields) != nil {
				continue
			}
			number := fmt.Sprint(fields[translate.LogCall])
			one := entries[number]
			if fields[translate.LogKind] == translate.OfRequest {
				one.request = fields
			} else {
				one.connection = fields
			}
			entries[number] = one
		}
		missing := slices.ContainsFunc(numbers, func(number string) bool { return entries[number].connection == nil })
		if !missing || time.Now().After(deadline) {
			return entries, nil
		}
	}
}
