package network

import (
	"net/netip"
	"strings"
	"testing"

	"cdk8s-mesh/conformance/internal/calls"
	"cdk8s-mesh/conformance/internal/manifests"

	networkingv1 "k8s.io/api/networking/v1"
)

func system(t *testing.T, text string) *System {
	t.Helper()
	objects, err := manifests.Parse("test.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	read, err := NewSystem(objects)
	if err != nil {
		t.Fatal(err)
	}
	return read
}

const pods = `
apiVersion: v1
kind: Pod
metadata: {name: a, namespace: shop, labels: {app: a}}
spec: {containers: [{name: a, ports: [{name: web, containerPort: 8080}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: b, namespace: shop, labels: {app: b}}
spec: {containers: [{name: b}]}
---
`

func TestAnExceptionLeavesABlockWithAHole(t *testing.T) {
	for _, example := range []struct {
		address string
		inside  bool
	}{{"169.254.169.254", false}, {"169.253.255.255", true}, {"169.255.0.0", true}, {"8.8.8.8", true}} {
		prefixes, err := block(networkingv1.IPBlock{CIDR: "0.0.0.0/0", Except: []string{"169.254.0.0/16"}})
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, prefix := range prefixes {
			found = found || prefix.Contains(netip.MustParseAddr(example.address))
		}
		if found != example.inside {
			t.Errorf("%s: got %v, want %v", example.address, found, example.inside)
		}
	}
}

func TestANamedPortIsThatOfTheCalledPod(t *testing.T) {
	s := system(t, pods+`
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {}
  ingress: [{ports: [{port: web}]}]
`)
	rules, err := filter{s, ipv4}.rules(s.Policies)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(rules, "--dport 8080 -j RETURN") != 1 {
		t.Errorf("only the pod with the port must get a rule for it:\n%s", rules)
	}
	if strings.Count(rules, "-j DROP") != 2 {
		t.Errorf("both pods must drop the rest:\n%s", rules)
	}
}

func TestAnEmptyNamespaceSelectorReachesEveryNamespaceAndNoneOnlyItsOwn(t *testing.T) {
	for peer, want := range map[string]int{"{namespaceSelector: {}}": 3, "{podSelector: {}}": 2} {
		s := system(t, pods+`
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: any, namespace: shop}
spec:
  podSelector: {matchLabels: {app: a}}
  ingress: [{from: [`+peer+`]}]
`)
		rules, err := filter{s, ipv4}.rules(s.Policies)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(rules, "-j RETURN"); got != want {
			t.Errorf("%s: %d peers, want %d", peer, got, want)
		}
	}
}

func TestAMutantWithoutItsLastEgressRuleStillIsolatesEgress(t *testing.T) {
	s := system(t, `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: out, namespace: shop}
spec:
  podSelector: {}
  egress: [{ports: [{port: 53}]}]
`)
	found := mutants(s.Policies[0])
	if len(found) != 1 || len(found[0].policy.Spec.Egress) != 0 || len(types(found[0].policy)) != 2 {
		t.Errorf("got %+v", found)
	}
}

func TestABlockIsOfOneVersionOfIP(t *testing.T) {
	s := system(t, pods+`
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: out, namespace: shop}
spec:
  podSelector: {matchLabels: {app: a}}
  egress: [{to: [{ipBlock: {cidr: "2001:db8::/32"}}]}]
`)
	for f, want := range map[*family]int{ipv4: 0, ipv6: 1} {
		rules, err := filter{s, f}.rules(s.Policies)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(rules, "-d 2001:db8::/32 -j RETURN"); got != want {
			t.Errorf("%s: %d rules, want %d", f.restore, got, want)
		}
	}
}

func TestAHeadlessServiceIsCalledOnItsPodsWithoutATranslatedPort(t *testing.T) {
	s := system(t, pods+`
apiVersion: v1
kind: Service
metadata: {name: a, namespace: shop}
spec: {clusterIP: None, selector: {app: a}, ports: [{port: 80, targetPort: web}]}
`)
	found, err := s.target(Call{Call: calls.Call{To: "a.shop:80", Protocol: "TCP"}})
	if err != nil {
		t.Fatal(err)
	}
	address := s.Services[0].Endpoints[0].Addresses[ipv4]
	if len(found.ends) != 1 || found.ends[0].address != netip.AddrPortFrom(address, 80) || found.listen[0].address.Port() != 8080 {
		t.Errorf("got %+v", found)
	}
	if strings.Contains(s.natRules(), "DNAT") {
		t.Error("nothing may translate it")
	}
}

func TestACallIsMadeFromEveryPodToEveryEndpoint(t *testing.T) {
	s := system(t, `
apiVersion: apps/v1
kind: Deployment
metadata: {name: a, namespace: shop}
spec: {replicas: 2, template: {metadata: {labels: {app: a}}, spec: {serviceAccountName: a}}}
---
apiVersion: v1
kind: Service
metadata: {name: a, namespace: shop}
spec: {selector: {app: a}, ports: [{port: 80}]}
`)
	trials, _, err := prepare(s, []Call{{Call: calls.Call{From: "shop/a", To: "a.shop:80", Protocol: "TCP"}}})
	if err != nil {
		t.Fatal(err)
	}
	if len(trials[0].callers) != 2 || len(trials[0].target.ends) != 3 {
		t.Errorf("got %d callers and %d ends, want 2 and 3", len(trials[0].callers), len(trials[0].target.ends))
	}
	if got := summary([]string{Cut, Connected, Cut}); got != "connected 1 times, cut 2 times" {
		t.Errorf("got %s", got)
	}
}
