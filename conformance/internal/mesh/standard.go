package mesh

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"cdk8s-mesh/conformance/internal/manifests"

	"google.golang.org/protobuf/types/known/durationpb"
	networking "istio.io/api/networking/v1alpha3"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	gateway "sigs.k8s.io/gateway-api/apis/v1"
)

// gatewayLabel is on the pods that Istio makes for a Gateway of Gateway API.
const gatewayLabel = "gateway.networking.k8s.io/gateway-name"

// standard reads Gateway API into Istio's own terms, as Istio does: a Gateway for each listener, and a VirtualService for each
// host of it.
type standard struct {
	mesh       *Mesh
	namespaces map[string]map[string]string
	listeners  []*listener
}

// listener is one of a Gateway, with the routes that it takes.
type listener struct {
	namespace, name string
	spec            gateway.Listener
	http            []attached[gateway.HTTPRoute]
	tls             []attached[gateway.TLSRoute]
}

type attached[T any] struct {
	route  T
	object manifests.Object
}

func (m *Mesh) addStandard(objects []manifests.Object, namespaces map[string]map[string]string) error {
	s := &standard{m, namespaces, nil}
	for _, object := range objects {
		if object.GVK().GroupKind().String() != "Gateway.gateway.networking.k8s.io" {
			continue
		}
		var read gateway.Gateway
		if err := object.Into(&read); err != nil {
			return err
		}
		for _, spec := range read.Spec.Listeners {
			s.listeners = append(s.listeners, &listener{namespace: namespaceOf(object), name: object.Name(), spec: spec})
		}
	}
	for _, object := range objects {
		var err error
		switch object.GVK().GroupKind().String() {
		case "HTTPRoute.gateway.networking.k8s.io":
			var route gateway.HTTPRoute
			if err = object.Into(&route); err == nil {
				err = s.attach(object, route.Spec.ParentRefs, func(l *listener) { l.http = append(l.http, attached[gateway.HTTPRoute]{route, object}) })
			}
		case "TLSRoute.gateway.networking.k8s.io":
			var route gateway.TLSRoute
			if err = object.Into(&route); err == nil {
				err = s.attach(object, route.Spec.ParentRefs, func(l *listener) { l.tls = append(l.tls, attached[gateway.TLSRoute]{route, object}) })
			}
		}
		if err != nil {
			return err
		}
	}
	for _, one := range s.listeners {
		if err := s.addListener(one); err != nil {
			return err
		}
	}
	return nil
}

// attach hands a route to the listeners that it names and that take it.
func (s *standard) attach(object manifests.Object, parents []gateway.ParentReference, to func(*listener)) error {
	for index, parent := range parents {
		namespace := namespaceOf(object)
		if parent.Namespace != nil {
			namespace = string(*parent.Namespace)
		}
		found := false
		for _, one := range s.listeners {
			if one.namespace != namespace || one.name != string(parent.Name) || parent.SectionName != nil && *parent.SectionName != one.spec.Name {
				continue
			}
			found = true
			takes, err := s.takes(one, namespaceOf(object))
			if err != nil {
				return err
			}
			if takes {
				to(one)
			}
		}
		if !found {
			return badField(object, fmt.Sprintf("spec.parentRefs[%d]", index), "names no listener of the set")
		}
	}
	return nil
}

// takes says whether a listener takes routes of a namespace; without a word those of its own.
func (s *standard) takes(one *listener, namespace string) (bool, error) {
	from := gateway.NamespacesFromSame
	var allowed *gateway.RouteNamespaces
	if one.spec.AllowedRoutes != nil && one.spec.AllowedRoutes.Namespaces != nil {
		if allowed = one.spec.AllowedRoutes.Namespaces; allowed.From != nil {
			from = *allowed.From
		}
	}
	switch from {
	case gateway.NamespacesFromAll:
		return true, nil
	case gateway.NamespacesFromSelector:
		selector, err := metav1.LabelSelectorAsSelector(allowed.Selector)
		return err == nil && selector.Matches(labels.Set(s.namespaces[namespace])), err
	}
	return namespace == one.namespace, nil
}

func (s *standard) addListener(one *listener) error {
	host := "*"
	if one.spec.Hostname != nil {
		host = string(*one.spec.Hostname)
	}
	// The name is none that an object of Istio's can have.
	name := one.name + ":" + string(one.spec.Name)
	server := &networking.Server{Hosts: []string{host}, Port: &networking.Port{Number: uint32(one.spec.Port), Protocol: string(one.spec.Protocol), Name: string(one.spec.Name)}}
	if one.spec.TLS != nil && one.spec.TLS.Mode != nil && *one.spec.TLS.Mode == gateway.TLSModePassthrough {
		server.Tls = &networking.ServerTLSSettings{Mode: networking.ServerTLSSettings_PASSTHROUGH}
	}
	s.mesh.Gateways = append(s.mesh.Gateways, Resource[*networking.Gateway]{Name: name, Namespace: one.namespace, Spec: &networking.Gateway{
		Selector: map[string]string{gatewayLabel: one.name}, Servers: []*networking.Server{server},
	}})
	services := map[string]*networking.VirtualService{}
	var hosts []string
	of := func(names []gateway.Hostname) []*networking.VirtualService {
		if len(names) == 0 {
			names = []gateway.Hostname{gateway.Hostname(host)}
		}
		var found []*networking.VirtualService
		for _, written := range names {
			name := string(written)
			if covers(name, host) {
				name = host // the narrower of the two
			} else if !covers(host, name) {
				continue
			}
			if services[name] == nil {
				hosts = append(hosts, name)
				services[name] = &networking.VirtualService{Hosts: []string{name}}
			}
			found = append(found, services[name])
		}
		return found
	}
	for _, route := range one.http {
		rules, err := httpRules(route)
		if err != nil {
			return err
		}
		for _, service := range of(route.route.Spec.Hostnames) {
			service.Http = append(service.Http, rules...)
		}
	}
	for _, route := range one.tls {
		for _, service := range of(route.route.Spec.Hostnames) {
			rule, err := tlsRule(route, service.Hosts)
			if err != nil {
				return err
			}
			service.Tls = append(service.Tls, rule)
		}
	}
	for _, name := range hosts {
		service := services[name]
		slices.SortStableFunc(service.Http, byPrecedence)
		service.Gateways = []string{one.namespace + "/" + one.name + ":" + string(one.spec.Name)}
		s.mesh.VirtualServices = append(s.mesh.VirtualServices, Resource[*networking.VirtualService]{Name: name, Namespace: one.namespace, Spec: service})
	}
	return nil
}

// byPrecedence puts first what Gateway API tries first: exact paths, longer ones, then more of a match. The name of a rule says how
// much it has.
func byPrecedence(a, b *networking.HTTPRoute) int { return cmp.Compare(b.Name, a.Name) }

func httpRules(from attached[gateway.HTTPRoute]) ([]*networking.HTTPRoute, error) {
	var rules []*networking.HTTPRoute
	for index, rule := range from.route.Spec.Rules {
		field := fmt.Sprintf("spec.rules[%d]", index)
		switch {
		case rule.Retry != nil:
			return nil, badField(from.object, field+".retry", "is not carried into Envoy's configuration by this suite")
		case rule.SessionPersistence != nil:
			return nil, badField(from.object, field+".sessionPersistence", "is not carried into Envoy's configuration by this suite")
		case rule.Timeouts != nil && rule.Timeouts.BackendRequest != nil:
			return nil, badField(from.object, field+".timeouts.backendRequest", "is not carried into Envoy's configuration by this suite")
		}
		matches := rule.Matches
		if len(matches) == 0 {
			matches = []gateway.HTTPRouteMatch{{}}
		}
		for _, match := range matches {
			one := &networking.HTTPRoute{}
			if err := filtered(one, from.object, field, rule.Filters, match.Path); err != nil {
				return nil, err
			}
			for at, backend := range rule.BackendRefs {
				to, err := destination(from.object, fmt.Sprintf("%s.backendRefs[%d]", field, at), backend.BackendRef)
				if err != nil || len(backend.Filters) > 0 {
					return nil, cmp.Or(err, badField(from.object, field+".backendRefs", "has filters, which are not carried into Envoy's configuration by this suite"))
				}
				weight := int32(1)
				if backend.Weight != nil {
					weight = *backend.Weight
				}
				one.Route = append(one.Route, &networking.HTTPRouteDestination{Destination: to, Weight: weight})
			}
			if rule.Timeouts != nil && rule.Timeouts.Request != nil {
				timeout, err := time.ParseDuration(string(*rule.Timeouts.Request))
				if err != nil {
					return nil, badField(from.object, field+".timeouts.request", "is no duration")
				}
				one.Timeout = durationpb.New(timeout)
			}
			one.Match, one.Name = matched(match)
			rules = append(rules, one)
		}
	}
	return rules, nil
}
