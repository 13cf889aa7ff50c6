package mesh

import (
	"cmp"
	"slices"

	"cdk8s-mesh/conformance/internal/manifests"
	"cdk8s-mesh/conformance/internal/network"

	"google.golang.org/protobuf/proto"
	networking "istio.io/api/networking/v1alpha3"
	security "istio.io/api/security/v1beta1"
)

// Security is what one set of manifests says about who may call whom.
type Security struct {
	Settings Settings
	// Old are pods, by namespace/name, that were made before their namespace joined the mesh: they have no proxy.
	Old      map[string]bool
	system   *network.System
	peers    []Resource[*security.PeerAuthentication]
	tokens   []Resource[*security.RequestAuthentication]
	policies []Policy
	gateways []Resource[*networking.Gateway]
}

// Policy is one AuthorizationPolicy. One that is rehearsed says what it would do, and does nothing.
type Policy struct {
	Resource[*security.AuthorizationPolicy]
	Rehearsed bool
}

// NewSecurity reads what bears on the callees' proxies.
func NewSecurity(objects []manifests.Object) (*Security, error) {
	system, err := network.NewSystem(objects)
	if err != nil {
		return nil, err
	}
	settings, err := newSettings(objects)
	if err != nil {
		return nil, err
	}
	read := &Security{Settings: settings, system: system}
	for _, object := range objects {
		switch object.GVK().GroupKind().String() {
		case "Gateway.networking.istio.io":
			err = add(object, &networking.Gateway{}, &read.gateways)
		case "PeerAuthentication.security.istio.io":
			err = add(object, &security.PeerAuthentication{}, &read.peers)
		case "RequestAuthentication.security.istio.io":
			err = add(object, &security.RequestAuthentication{}, &read.tokens)
		case "AuthorizationPolicy.security.istio.io":
			err = read.addPolicy(object)
		}
		if err != nil {
			return nil, err
		}
	}
	return read, nil
}

// NewTokens reads only what bears on the tokens that a proxy takes.
func NewTokens(objects []manifests.Object) (*Security, error) {
	settings, err := newSettings(objects)
	if err != nil {
		return nil, err
	}
	read := &Security{Settings: settings}
	for _, object := range objects {
		if object.GVK().Group == "security.istio.io" && object.Kind() == "RequestAuthentication" {
			if err := add(object, &security.RequestAuthentication{}, &read.tokens); err != nil {
				return nil, err
			}
		}
	}
	return read, nil
}

func (s *Security) addPolicy(object manifests.Object) error {
	var found []Resource[*security.AuthorizationPolicy]
	if err := add(object, &security.AuthorizationPolicy{}, &found); err != nil {
		return err
	}
	policy := Policy{found[0], object.Annotation("istio.io/dry-run") == "true"}
	if policy.Spec.Action == security.AuthorizationPolicy_CUSTOM {
		return policy.Bad("spec.action", "is CUSTOM, which is not carried into Envoy's configuration by this suite; fix: leave it out of what is tried")
	}
	s.policies = append(s.policies, policy)
	return nil
}

// selected holds a workload's labels against a selector; none selects the whole namespace, or the mesh from its root.
func selected[T proto.Message](s *Security, resource Resource[T], selector map[string]string, pod *network.Pod) bool {
	inScope := resource.Namespace == pod.Namespace || resource.Namespace == s.Settings.RootNamespace
	return inScope && contains(pod.Labels, selector)
}

// Policies are those of one action that hold for a pod, by namespace and name.
func (s *Security) Policies(pod *network.Pod, action security.AuthorizationPolicy_Action) []Policy {
	var found []Policy
	for _, policy := range s.policies {
		if policy.Spec.Action == action && selected(s, policy.Resource, policy.Spec.Selector.GetMatchLabels(), pod) {
			found = append(found, policy)
		}
	}
	slices.SortFunc(found, func(a, b Policy) int {
		return cmp.Or(cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Name, b.Name))
	})
	return found
}

// TokenRules are those of every RequestAuthentication that holds for a pod.
func (s *Security) TokenRules(pod *network.Pod) []*security.JWTRule {
	var rules []*security.JWTRule
	for _, resource := range s.tokens {
		if selected(s, resource, resource.Spec.Selector.GetMatchLabels(), pod) {
			rules = append(rules, resource.Spec.JwtRules...)
		}
	}
	return rules
}

// Mode is how connections to a pod's port must be made: what is said for the port goes before the workload, the
// namespace and the mesh. Without a word, both ways are good.
func (s *Security) Mode(pod *network.Pod, port uint32) (security.PeerAuthentication_MutualTLS_Mode, error) {
	const unset = security.PeerAuthentication_MutualTLS_UNSET
	scopes, err := s.peerScopes(pod)
	if err != nil {
		return unset, err
	}
	if workload := scopes[0]; workload != nil {
		if level := workload.Spec.PortLevelMtls[port]; level.GetMode() != unset {
			return level.Mode, nil
		}
	}
	for _, scope := range scopes {
		if scope != nil && scope.Spec.Mtls.GetMode() != unset {
			return scope.Spec.Mtls.Mode, nil
		}
	}
	return security.PeerAuthentication_MutualTLS_PERMISSIVE, nil
}

// peerScopes gives what holds for the workload, its namespace and the mesh, in this order. Of two for one scope Istio takes
// the oldest, which manifests do not tell.
func (s *Security) peerScopes(pod *network.Pod) ([3]*Resource[*security.PeerAuthentication], error) {
	var scopes [3]*Resource[*security.PeerAuthentication]
	for index := range s.peers {
		resource := &s.peers[index]
		selector := resource.Spec.Selector.GetMatchLabels()
		scope := 0
		switch {
		case len(selector) == 0 && resource.Namespace == pod.Namespace:
			scope = 1
		case len(selector) == 0 && resource.Namespace == s.Settings.RootNamespace:
			scope = 2
		// One of the root namespace with a selector holds for nobody outside of it.
		case resource.Namespace != pod.Namespace || len(selector) == 0 || !contains(pod.Labels, selector):
			continue
		}
		if other := scopes[scope]; other != nil {
			return scopes, resource.Bad("spec.selector", "holds for the same pods as `%s`; of two Istio keeps one", other.object.ID())
		}
		scopes[scope] = resource
	}
	return scopes, nil
}
