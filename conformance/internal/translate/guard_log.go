package translate

import "fmt"

// AccessLog is where proxies write what they did.
const AccessLog = "/dev/fd/4"

// CallHeader numbers the requests of a run.
const CallHeader = "x-conformance-call"

// What a line of the access log has. A connection is told by the port that its client says to come from, and a request,
// whose client may be another, by a header.
const (
	LogCall      = "call"
	LogKind      = "kind"
	LogDetails   = "details"
	LogClosed    = "closed"
	LogFailure   = "failure"
	LogRehearsed = "rehearsed"
	OfRequest    = "request"
	OfConnection = "connection"
)

// What Envoy calls the outcome of rules that it only rehearses.
const (
	shadowName = "shadow_effective_policy_id"
	shadowSays = "shadow_engine_result"
)

func accessLog(kind, filter string) object {
	call := map[string]string{OfRequest: "%REQ(" + CallHeader + ")%", OfConnection: "%DOWNSTREAM_REMOTE_PORT%"}[kind]
	shadow := func(prefix string) string {
		return fmt.Sprintf("%%DYNAMIC_METADATA(%s:%s%s)%%=%%DYNAMIC_METADATA(%s:%s%s)%%", filter, prefix, shadowSays, filter, prefix, shadowName)
	}
	return object{"name": "envoy.access_loggers.file", "typed_config": typed("extensions.access_loggers.file.v3.FileAccessLog", object{
		"path": AccessLog, "log_format": object{"json_format": object{
			LogKind: kind, LogCall: call, LogDetails: "%RESPONSE_CODE_DETAILS%", LogClosed: "%CONNECTION_TERMINATION_DETAILS%", LogFailure: "%DOWNSTREAM_TRANSPORT_FAILURE_REASON%",
			LogRehearsed: shadow(dryDeny) + " " + shadow(dryAllow),
		}},
	})}
}
