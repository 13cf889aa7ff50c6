package mesh

import (
	"regexp"
	"slices"
	"testing"

	"cdk8s-mesh/conformance/internal/manifests"
)

const aGateway = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: web, namespace: edge}
spec:
  gatewayClassName: istio
  listeners:
    - name: http
      port: 80
      protocol: HTTP
      hostname: "*.example.com"
      allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: shop}}}}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: shop}}
---
apiVersion: v1
kind: Namespace
metadata: {name: other}
`

func routes(namespace, host, rules string) string {
	return "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: r, namespace: " + namespace + "}\nspec:\n" +
		"  parentRefs: [{name: web, namespace: edge}]\n  hostnames: [" + host + "]\n  rules:\n" + rules
}

func read(t *testing.T, text string) *Mesh {
	t.Helper()
	objects, err := manifests.Parse("a.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	m, err := New(objects, nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestExactPathsAndLongerPrefixesAreTriedFirst(t *testing.T) {
	m := read(t, aGateway+routes("shop", "a.example.com", `
    - {matches: [{path: {type: PathPrefix, value: /}}], backendRefs: [{name: rest, port: 80}]}
    - {matches: [{path: {type: PathPrefix, value: /api}}], backendRefs: [{name: api, port: 80}]}
    - {matches: [{path: {type: PathPrefix, value: /api}, method: POST}], backendRefs: [{name: posts, port: 80}]}
    - {matches: [{path: {type: Exact, value: /a}}], backendRefs: [{name: exact, port: 80}]}
`))
	var order []string
	for _, rule := range m.VirtualServices[0].Spec.Http {
		order = append(order, rule.Route[0].Destination.Host)
	}
	want := []string{"exact.shop.svc.cluster.local", "posts.shop.svc.cluster.local", "api.shop.svc.cluster.local", "rest.shop.svc.cluster.local"}
	if !slices.Equal(order, want) {
		t.Errorf("tried in the order %v", order)
	}
}

func TestListenersTakeRoutesOfTheirNamespacesAndHosts(t *testing.T) {
	rule := "    - {backendRefs: [{name: a, port: 80}]}\n"
	for _, one := range []struct {
		namespace, host string
		services        int
	}{{"shop", "a.example.com", 1}, {"other", "a.example.com", 0}, {"shop", "a.example.org", 0}} {
		if m := read(t, aGateway+routes(one.namespace, one.host, rule)); len(m.VirtualServices) != one.services {
			t.Errorf("%s from %s: %d", one.host, one.namespace, len(m.VirtualServices))
		}
	}
}

func TestAPrefixIsRewrittenWithWhatComesAfterIt(t *testing.T) {
	for _, one := range []struct{ becomes, from, to string }{
		{"/new", "/old/x/y", "/new/x/y"}, {"/new", "/old", "/new"}, {"/new", "/old/", "/new/"}, {"/new/", "/old/x", "/new/x"},
		{"/", "/old/x", "/x"}, {"/", "/old", "/"},
	} {
		m := read(t, aGateway+routes("shop", "a.example.com", `
    - matches: [{path: {type: PathPrefix, value: /old}}]
      filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: `+one.becomes+`}}}]
      backendRefs: [{name: a, port: 80}]
`))
		rewrite := m.VirtualServices[0].Spec.Http[0].Rewrite.UriRegexRewrite
		// Envoy writes groups with a backslash.
		group := regexp.MustCompile(`\\(\d)`).ReplaceAllString(rewrite.Rewrite, "$${$1}")
		if got := regexp.MustCompile(rewrite.Match).ReplaceAllString(one.from, group); got != one.to {
			t.Errorf("%s becomes %s, not %s", one.from, got, one.to)
		}
	}
}

func TestWhatIsNotCarriedEndsTheRun(t *testing.T) {
	for name, rule := range map[string]string{
		"mirror":            "    - {filters: [{type: RequestMirror, requestMirror: {backendRef: {name: b, port: 80}}}], backendRefs: [{name: a, port: 80}]}\n",
		"another namespace": "    - {backendRefs: [{name: a, namespace: other, port: 80}]}\n",
		"retry":             "    - {retry: {attempts: 2}, backendRefs: [{name: a, port: 80}]}\n",
	} {
		objects, err := manifests.Parse("a.yaml", aGateway+routes("shop", "a.example.com", rule))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := New(objects, nil); err == nil {
			t.Errorf("%s is read", name)
		}
	}
}
