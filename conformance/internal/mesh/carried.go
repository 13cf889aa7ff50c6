package mesh

import (
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// carried lists, for each message, the fields that the translation carries into Envoy's configuration or knows to mean
// nothing for one client. A field that is set and not listed stops the run: a behaviour must not be lost in silence.
var carried = map[string]string{
	"VirtualService":                        "hosts gateways http tls tcp exportTo",
	"HTTPRoute":                             "name match route redirect directResponse rewrite timeout retries fault mirrors mirror mirrorPercentage corsPolicy headers",
	"HTTPMatchRequest":                      "name uri scheme method authority headers port sourceLabels gateways queryParams ignoreUriCase withoutHeaders sourceNamespace",
	"HTTPRouteDestination":                  "destination weight headers",
	"RouteDestination":                      "destination weight",
	"Destination":                           "host subset port",
	"PortSelector":                          "number",
	"TLSRoute":                              "match route",
	"TCPRoute":                              "match route",
	"L4MatchAttributes":                     "port sourceLabels gateways sourceNamespace",
	"TLSMatchAttributes":                    "sniHosts port sourceLabels gateways sourceNamespace",
	"HTTPRedirect":                          "uri authority port derivePort scheme redirectCode",
	"HTTPDirectResponse":                    "status body",
	"HTTPBody":                              "string",
	"HTTPRewrite":                           "uri authority uriRegexRewrite",
	"RegexRewrite":                          "match rewrite",
	"StringMatch":                           "exact prefix regex",
	"HTTPRetry":                             "attempts perTryTimeout retryOn retryIgnorePreviousHosts backoff",
	"CorsPolicy":                            "allowOrigins allowMethods allowHeaders exposeHeaders maxAge allowCredentials unmatchedPreflights",
	"HTTPFaultInjection":                    "delay abort",
	"HTTPFaultInjection.Delay":              "fixedDelay percentage",
	"HTTPFaultInjection.Abort":              "httpStatus grpcStatus percentage",
	"HTTPMirrorPolicy":                      "destination percentage",
	"Percent":                               "value",
	"Headers":                               "request response",
	"Headers.HeaderOperations":              "set add remove",
	"DestinationRule":                       "host trafficPolicy subsets exportTo workloadSelector",
	"WorkloadSelector":                      "matchLabels labels",
	"Subset":                                "name labels trafficPolicy",
	"TrafficPolicy":                         "loadBalancer connectionPool outlierDetection tls portLevelSettings retryBudget",
	"TrafficPolicy.PortTrafficPolicy":       "port loadBalancer connectionPool outlierDetection tls",
	"TrafficPolicy.RetryBudget":             "percent minRetryConcurrency",
	"LoadBalancerSettings":                  "simple consistentHash localityLbSetting warmup",
	"WarmupConfiguration":                   "duration minimumPercent aggression",
	"LoadBalancerSettings.ConsistentHashLB": "httpHeaderName httpCookie useSourceIp httpQueryParameterName ringHash maglev",
	"LoadBalancerSettings.ConsistentHashLB.RingHash":             "minimumRingSize",
	"LoadBalancerSettings.ConsistentHashLB.MagLev":               "tableSize",
	"LoadBalancerSettings.ConsistentHashLB.HTTPCookie":           "name path ttl attributes",
	"LoadBalancerSettings.ConsistentHashLB.HTTPCookie.Attribute": "name value",
	"LocalityLoadBalancerSetting":                                "enabled distribute failover",
	"LocalityLoadBalancerSetting.Distribute":                     "from to",
	"LocalityLoadBalancerSetting.Failover":                       "from to",
	"ConnectionPoolSettings":                                     "tcp http",
	"ConnectionPoolSettings.TCPSettings":                         "maxConnections connectTimeout tcpKeepalive maxConnectionDuration idleTimeout",
	"ConnectionPoolSettings.TCPSettings.TcpKeepalive":            "probes time interval",
	"ConnectionPoolSettings.HTTPSettings":                        "http1MaxPendingRequests http2MaxRequests maxRequestsPerConnection maxRetries idleTimeout h2UpgradePolicy useClientProtocol maxConcurrentStreams",
	"OutlierDetection":                                           "splitExternalLocalOriginErrors consecutiveLocalOriginFailures consecutiveGatewayErrors consecutive5xxErrors interval baseEjectionTime maxEjectionPercent minHealthPercent",
	"ClientTLSSettings":                                          "mode",
	"ServiceEntry":                                               "hosts addresses ports location resolution endpoints exportTo workloadSelector subjectAltNames",
	"ServicePort":                                                "number protocol name targetPort",
	"WorkloadEntry":                                              "address ports labels network locality weight serviceAccount",
	"Gateway":                                                    "servers selector",
	"Server":                                                     "port bind hosts tls name",
	"Port":                                                       "number protocol name",
	"ServerTLSSettings":                                          "httpsRedirect mode credentialName credentialNames minProtocolVersion maxProtocolVersion cipherSuites subjectAltNames caCertificates caCertCredentialName",
	"EnvoyFilter":                                                "workloadSelector configPatches",
	"EnvoyFilter.EnvoyConfigObjectPatch":                         "applyTo match patch",
	"EnvoyFilter.EnvoyConfigObjectMatch":                         "context listener",
	"EnvoyFilter.ListenerMatch":                                  "portNumber filterChain",
	"EnvoyFilter.ListenerMatch.FilterChainMatch":                 "filter destinationPort",
	"EnvoyFilter.ListenerMatch.FilterMatch":                      "name subFilter",
	"EnvoyFilter.ListenerMatch.SubFilterMatch":                   "name",
	"EnvoyFilter.Patch":                                          "operation value",
	"PeerAuthentication":                                         "selector mtls portLevelMtls",
	"PeerAuthentication.MutualTLS":                               "mode",
	"RequestAuthentication":                                      "selector jwtRules",
	"JWTRule":                                                    "issuer audiences jwksUri jwks fromHeaders fromParams fromCookies forwardOriginalToken spaceDelimitedClaims timeout",
	"JWTHeader":                                                  "name prefix",
	"AuthorizationPolicy":                                        "selector rules action provider",
	"AuthorizationPolicy.ExtensionProvider":                      "name",
	"Rule":                                                       "from to when",
	"Rule.From":                                                  "source",
	"Rule.To":                                                    "operation",
	"Source":                                                     "principals notPrincipals requestPrincipals notRequestPrincipals namespaces notNamespaces serviceAccounts notServiceAccounts remoteIpBlocks notRemoteIpBlocks trustDomains notTrustDomains",
	"Operation":                                                  "hosts notHosts ports notPorts methods notMethods paths notPaths",
	"Condition":                                                  "key values notValues",
}

// notCarried gives the path of the first field that is set and not carried, or nothing.
func notCarried(message protoreflect.Message, path string) string {
	name := string(message.Descriptor().FullName())
	if strings.HasPrefix(name, "google.protobuf.") {
		return ""
	}
	for _, prefix := range []string{"istio.networking.v1alpha3.", "istio.security.v1beta1.", "istio.type.v1beta1."} {
		name = strings.TrimPrefix(name, prefix)
	}
	known := strings.Fields(carried[name])
	found := ""
	message.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		at := path + "." + field.JSONName()
		switch {
		case !slices.Contains(known, field.JSONName()):
			found = at
		case field.IsMap():
			if field.MapValue().Message() != nil {
				value.Map().Range(func(key protoreflect.MapKey, entry protoreflect.Value) bool {
					found = notCarried(entry.Message(), fmt.Sprintf("%s[%s]", at, key.String()))
					return found == ""
				})
			}
		case field.IsList() && field.Message() != nil:
			for index := 0; index < value.List().Len() && found == ""; index++ {
				found = notCarried(value.List().Get(index).Message(), fmt.Sprintf("%s[%d]", at, index))
			}
		case field.Message() != nil:
			found = notCarried(value.Message(), at)
		}
		return found == ""
	})
	return found
}
