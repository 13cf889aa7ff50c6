package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"cdk8s-mesh/conformance/internal/report"
)

// refusal is a run that must end with exit code 2 and say why.
type refusal struct {
	name  string
	files map[string]string // written before the run, which starts where they are
	words []string
	env   []string
	says  []string
}

const (
	shopRoutes  = "routes shop calls.yaml"
	shopVerdict = "policies shop calls.yaml"
	shopCalls   = "network shop calls.yaml"
	shopStages  = "migration shop calls.yaml"
	oneCall     = "calls:\n  - from: %s\n    to: %s\n    expect: %s\n"
	aConfigMap  = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
	brokenYAML  = aConfigMap + "---\nkind: ConfigMap\n metadata: {name: b}\n"
	aRule       = "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {name: a}\nspec: {groups: [{name: a}]}\n"
	twiceTheKey = aConfigMap + "kind: Secret\n"
)

// badRuns go through conformance/run, which hands on what the program says and how it ends.
var badRuns = []refusal{
	{"an unknown command", nil, words("status dir"), nil, says("unknown command `status`", "usage:")},
	{"a module proxy that cannot be reached", nil, words("validate shop"), []string{"GOPROXY=off", "GOMODCACHE={}/modules"},
		says("see that the Go module proxy can be reached", "GOPROXY=off")},
}

// badInputs go to the program, which conformance/run has built.
var badInputs = []refusal{
	{"a folder that is not there", nil, words("validate absent"), nil, says("absent` is not a folder")},
	{"a folder without YAML", files("dir/README.md", "x"), words("validate dir"), nil, says("dir` has no Kubernetes YAML")},
	{"YAML that does not parse", files("dir/a.yaml", brokenYAML), words("validate dir"), nil, says("dir/a.yaml:6` does not parse")},
	{"a key given twice", files("dir/a.yaml", twiceTheKey), words("validate dir"), nil, says("dir/a.yaml:4` does not parse", `"kind" already set`)},
	{"a document that is no object", files("dir/a.yaml", "# none\na: 1\n"), words("validate dir"), nil, says("dir/a.yaml:2` is no Kubernetes object")},
	{"an unknown option", nil, words("validate dir --fast"), nil, says("unknown option `--fast`", "usage:")},
	{"a call file that is not there", nil, words(shopCalls), nil, says("cannot read", "calls.yaml")},
	{"a call file with an unknown field", files("calls.yaml", "calls:\n  - from: outside\n    too: x\n"), words(shopCalls), nil,
		says("calls.yaml:3` has the unknown field `too`")},
	{"a call file with an unknown service", calls("outside", "cart2.shop:80", "cut"), words(shopCalls), nil,
		says("`cart2.shop:80`", "is no service of the set")},
	{"a call file with an unknown port", calls("outside", "cart.shop:81", "cut"), words(shopCalls), nil, says("no TCP port `81`")},
	{"a call file with an unknown caller", calls("shop/cart2", "cart.shop:7070", "cut"), words(shopCalls), nil,
		says("`shop/cart2`", "runs no pod")},
	{"a call file with an unknown expectation", calls("outside", "cart.shop:7070", "denied"), words(shopCalls), nil,
		says("unknown expectation `denied`", "fix: write connected or cut")},
	{"a context that is not there", calls("outside", "cart.shop:7070", "cut"), words(shopCalls + " --context absent.yaml"), nil,
		says("cannot read", "absent.yaml")},
	{"rules without tests", nil, words("alerts shop"), nil, says("alerts takes a folder and files of tests", "usage:")},
	{"a folder without rules", files("a.test.yaml", "tests: []\n"), words("alerts shop a.test.yaml"), nil, says("there is no PrometheusRule")},
	{"a test file that is not there", files("rules/rule.yaml", aRule), words("alerts rules a.test.yaml"), nil, says("cannot read", "a.test.yaml")},
	{"a request with an unknown expectation", request("expect: {sttus: 200}"), words(shopRoutes), nil, says("calls.yaml:7` has the unknown field `sttus`")},
	{"a request without a control", request("expect: {status: 200}"), words(shopRoutes), nil, says("calls.yaml:2` has no control", "fix:")},
	{"a request that expects nothing", request("without: [a]"), words(shopRoutes), nil, says("calls.yaml:2` expects nothing")},
	{"shares that do not add up", controlled("expect: {share: {v1: 0.5}}"), words(shopRoutes), nil, says("calls.yaml:2`", "add up to 0.5")},
	{"a share of an unknown version", controlled("expect: {share: {v9: 1}}"), words(shopRoutes), nil, says("calls.yaml:2`", "`v9`")},
	{"a backend that is no pod", controlled("expect: {status: 200}\n    backend: {pods: [cart-7]}"), words(shopRoutes), nil, says("calls.yaml:2`", "`cart-7`")},
	{"replicas of no workload", controlled("expect: {status: 200}\n    replicas: {shop/kart: 2}"), words(shopRoutes), nil, says("calls.yaml:2`", "`shop/kart`")},
	{"a control that names nothing", request("expect: {status: 200}\n    without: [VirtualService/shop/x]"), words(shopRoutes), nil,
		says("calls.yaml:2`", "`VirtualService/shop/x`, which is not in the set")},
	{"a control that changes no field", request("expect: {status: 200}\n    without: ['Service/shop/cart:spec.type']"), words(shopRoutes), nil,
		says("calls.yaml:2`", "`Service/shop/cart` has no field `spec.type`")},
	{"requests that a call file lacks", calls("outside", "cart.shop:7070", "cut"), words(shopRoutes), nil, says("calls.yaml` has no `requests`")},
	{"a field that Istio does not have", routing("timeOut: 1s"), words(shopRoutes), nil, says("shop/routes.yaml:", "VirtualService/shop/cart", `unknown field "timeOut"`)},
	{"a field that is not carried to Envoy", routing("delegate: {name: other}"), words(shopRoutes), nil,
		says("shop/routes.yaml:7`", "`spec.http[0].delegate`", "VirtualService/shop/cart")},
	{"a call with an unknown outcome", call("expect: refused\n      without: [AuthorizationPolicy/shop/cart]"), words(shopVerdict), nil,
		says("calls.yaml:3` has the unknown expectation `refused`", "fix: write one of served, denied")},
	{"a call without a control", call("expect: served"), words(shopVerdict), nil, says("calls.yaml:3` has no control", "fix:")},
	{"a refusal by nobody named", call("expect: denied\n      without: [AuthorizationPolicy/shop/cart]"), words(shopVerdict), nil,
		says("calls.yaml:3`", "the policy's name or none")},
	{"a call to a workload that is not there", call("expect: served\n      unlike: {to: 'shop/kart:80'}"), words(shopVerdict), nil,
		says("calls.yaml:3`", "`shop/kart:80`, which is no workload of the set")},
	{"a call by a proxy that shows somebody else", call("expect: served\n      proxied: true\n      trustDomain: other.example\n      unlike: {method: GET}"), words(shopVerdict), nil,
		says("calls.yaml:3` is `proxied` and has", "fix:")},
	{"a call by a proxy to a host that it does not know", files("calls.yaml", "policies:\n  calls:\n    - {from: shop/frontend, proxied: true, to: 'example.com:443', expect: served, unlike: {method: GET}}\n"),
		words(shopVerdict), nil, says("calls.yaml:3`", "`example.com`, which is no host of the set")},
	{"a matrix that leaves out a port", files("calls.yaml", "policies: {matrix: {shop: {'cart:7070': {grpc: shop.Cart/Get}}}}\n"), words(shopVerdict), nil,
		says("`policies.matrix` of `shop` lacks `frontend:80`", "fix:")},
	{"policies that a call file lacks", calls("outside", "cart.shop:7070", "cut"), words(shopVerdict), nil, says("calls.yaml` has no `policies`")},
	{"a policy that asks somebody else", policy("AuthorizationPolicy", "action: CUSTOM, provider: {name: x}, rules: [{}]"), words(shopVerdict), nil,
		says("shop/policy.yaml:4`", "`spec.action` of `AuthorizationPolicy/shop/more` is CUSTOM")},
	{"a field of a policy that is not carried to Envoy", policy("AuthorizationPolicy", "rules: [{from: [{source: {ipBlocks: [10.0.0.1]}}]}]"), words(shopVerdict), nil,
		says("shop/policy.yaml:4`", "`spec.rules[0].from[0].source.ipBlocks`", "is not carried")},
	{"a condition that is not carried to Envoy", policy("AuthorizationPolicy", "rules: [{when: [{key: source.ip, values: [10.0.0.1]}]}]"), words(shopVerdict), nil,
		says("shop/policy.yaml:4`", "`spec.rules[0].when[0].key`", "is `source.ip`, which is not carried")},
	{"two PeerAuthentications for one namespace", policy("PeerAuthentication", "mtls: {mode: PERMISSIVE}"), words(shopVerdict), nil,
		says("shop/policy.yaml:", "PeerAuthentication/shop/more", "holds for the same pods as `PeerAuthentication/shop/default`")},
	{"a migration without calls", calls("outside", "cart.shop:7070", "cut"), words(shopStages), nil, says("calls.yaml` has no `migration` with `calls`")},
	{"a migration of a stage that is not there", stages("manifests: [], strict: []"), words(shopStages), nil, says("`refuses` has the unknown stage `strict`", "fix: write one of manifests")},
	{"a migration that says nothing of a stage", stages(""), words(shopStages), nil, says("`refuses` lacks the stage `manifests`", "fix:")},
	{"a refusal where no call goes", stages("manifests: ['cart.shop:80']"), words(shopStages), nil, says("`refuses` of `manifests` has `cart.shop:80`")},
	{"a folder without stages", files("stages/README.md", "x"), words("migration stages calls.yaml"), nil, says("stages` has no stages", "fix:")},
}

func words(line string) []string      { return strings.Fields(line) }
func says(parts ...string) []string   { return parts }
func files(name, text string) fileSet { return fileSet{name: text} }
func calls(from, to, expect string) fileSet {
	return files("calls.yaml", fmt.Sprintf(oneCall, from, to, expect))
}

// stages is a call file with one call of a migration.
func stages(refuses string) fileSet {
	return files("calls.yaml", "migration:\n  calls:\n    - {from: shop/frontend, to: 'cart.shop:7070', grpc: shop.Cart/Get}\n  refuses: {"+refuses+"}\n")
}

// request is a call file with one request that ends in the given lines.
func request(lines string) fileSet {
	return files("calls.yaml", "requests:\n  - name: x\n    from: shop/frontend\n    to: cart.shop:7070\n    method: GET\n\n    "+lines+"\n")
}

// controlled adds a control to a request.
func controlled(lines string) fileSet {
	return request(lines + "\n    without: [NetworkPolicy/shop/cart]")
}

// routing adds a VirtualService whose one route has the given line.
func routing(line string) fileSet {
	set := controlled("expect: {status: 200}")
	set["shop/routes.yaml"] = "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: cart, namespace: shop}\n" +
		"spec:\n  hosts: [cart]\n  http:\n    - " + line + "\n"
	return set
}

// call is a call file with one call to a callee's proxy that ends in the given lines.
func call(lines string) fileSet {
	return files("calls.yaml", "policies:\n  calls:\n    - from: shop/frontend\n      to: cart.shop:7070\n      grpc: shop.Cart/Get\n      "+lines+"\n")
}

// policy adds an object of the kind whose spec has the given fields.
func policy(kind, spec string) fileSet {
	set := call("expect: served\n      without: [AuthorizationPolicy/shop/cart]")
	set["shop/policy.yaml"] = "apiVersion: security.istio.io/v1\nkind: " + kind + "\nmetadata: {name: more, namespace: shop}\nspec: {" + spec + "}\n"
	return set
}

type fileSet = map[string]string

// refusals makes every bad input, as a user would, in a folder of its own.
func refusals(home string) ([]report.Check, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	var checks []report.Check
	for index, r := range slices.Concat(badRuns, badInputs) {
		progress(r.name)
		dir, err := sandbox(home, r.files)
		if err != nil {
			return nil, err
		}
		command := exec.Command(program, r.words...)
		if index < len(badRuns) {
			command = exec.Command(filepath.Join(home, "run"), r.words...)
		}
		command.Dir = dir
		command.Env = append(os.Environ(), "INIT_CWD="+dir)
		for _, setting := range r.env {
			command.Env = append(command.Env, strings.ReplaceAll(setting, "{}", dir))
		}
		checks = append(checks, refusedAs(command, r))
		if err := os.RemoveAll(dir); err != nil {
			return nil, err
		}
	}
	return append(checks, unprivileged(home)), nil
}

// sandbox is a folder with the given files, and the suite's own system as `shop`. Every user may read it.
func sandbox(home string, set fileSet) (string, error) {
	dir, err := os.MkdirTemp("", "conformance-")
	if err != nil {
		return "", err
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return "", err
	}
	for name, text := range set {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return "", err
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			return "", err
		}
	}
	return dir, os.CopyFS(filepath.Join(dir, "shop"), os.DirFS(filepath.Join(home, "testdata/shop")))
}

func refusedAs(command *exec.Cmd, r refusal) report.Check {
	var out, complaint bytes.Buffer
	command.Stdout, command.Stderr = &out, &complaint
	var exit *exec.ExitError
	var reasons []string
	if err := command.Run(); err != nil && !errors.As(err, &exit) {
		reasons = append(reasons, err.Error())
	} else if code := command.ProcessState.ExitCode(); code != 2 {
		reasons = append(reasons, fmt.Sprintf("the exit code is %d, not 2", code))
	}
	for _, part := range append([]string{"error: "}, r.says...) {
		if !strings.Contains(complaint.String(), part) {
			reasons = append(reasons, fmt.Sprintf("the error does not say %q: %s", part, complaint.String()))
		}
	}
	if out.Len() > 0 {
		reasons = append(reasons, "standard output is not empty: "+out.String())
	}
	return report.NewCheck("refuses "+r.name, reasons...)
}
