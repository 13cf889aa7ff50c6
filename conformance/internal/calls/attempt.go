package calls

import (
	"maps"
	"slices"
	"strings"

	"cdk8s-mesh/conformance/internal/report"
)

// Attempt is who calls what. Without a method it is a TCP connection.
type Attempt struct {
	From        string            `yaml:"from"`
	TrustDomain string            `yaml:"trustDomain"`
	Plaintext   bool              `yaml:"plaintext"`
	Forged      bool              `yaml:"forged"`
	To          string            `yaml:"to"`
	Proxied     bool              `yaml:"proxied"` // goes through the caller's own proxy, to any host that it knows
	Method      string            `yaml:"method"`
	Path        string            `yaml:"path"`
	GRPC        string            `yaml:"grpc"` // package.Service/Method
	SNI         string            `yaml:"sni"`  // the host that it asks a gateway for
	Headers     map[string]string `yaml:"headers"`
	Token       *Token            `yaml:"token"`
}

// Token is a JWT; its issuer's keys are the run's.
type Token struct {
	Issuer    string         `yaml:"issuer"`
	Subject   string         `yaml:"subject"`
	Audiences []string       `yaml:"audiences"`
	Claims    map[string]any `yaml:"claims"`
	Forged    bool           `yaml:"forged"` // signed with a key that is not the issuer's
	Expired   bool           `yaml:"expired"`
}

// TokenPlace stands for the token in a header or in the path; where it stands nowhere, the token is a bearer token.
const TokenPlace = "{token}"

// GRPCType is the content type that makes a request a gRPC call.
const GRPCType = "application/grpc"

// complete fills in what a request has by default.
func (a *Attempt) complete(place string) error {
	if a.GRPC != "" && a.Path != "/"+a.GRPC {
		if a.Method != "" || a.Path != "" || strings.Count(a.GRPC, "/") != 1 {
			return report.Bad("`%s` has `grpc: %s`; fix: write package.Service/Method, without `method` and `path`", place, a.GRPC)
		}
		a.Method, a.Path = "POST", "/"+a.GRPC
		a.Headers = merged(a.Headers, map[string]string{"content-type": GRPCType})
	}
	switch {
	case a.From == "" || a.To == "":
		return report.Bad("`%s` has no `from` or no `to`; fix: write namespace/service account, and service.namespace:port", place)
	case a.Proxied && (a.Plaintext || a.Forged || a.TrustDomain != "" || a.Token != nil):
		return report.Bad("`%s` is `proxied` and has `plaintext`, `forged`, `trustDomain` or `token`, which are up to the run itself; fix: leave `proxied` out", place)
	case !slices.Contains(methods, a.Method):
		return report.Bad("`%s` has the unknown `method` `%s`; fix: write an HTTP method, or none for TCP", place, a.Method)
	case a.Method == "" && (a.Path != "" || a.Headers != nil || a.Token != nil):
		return report.Bad("`%s` has no `method`, which its `path`, `headers` or `token` need", place)
	case a.Path != "" && a.Path[0] != '/':
		return report.Bad("`%s` has the `path` `%s`; fix: begin it with /", place, a.Path)
	}
	return nil
}

// Changed is the attempt with what another one sets.
func (a Attempt) Changed(by *Attempt) (Attempt, error) {
	if by == nil {
		return a, nil
	}
	set := func(to *string, from string) {
		if from != "" {
			*to = from
		}
	}
	if by.Method != "" || by.Path != "" || by.GRPC != "" {
		a.GRPC = ""
	}
	set(&a.From, by.From)
	set(&a.TrustDomain, by.TrustDomain)
	set(&a.To, by.To)
	set(&a.Method, by.Method)
	set(&a.Path, by.Path)
	set(&a.GRPC, by.GRPC)
	set(&a.SNI, by.SNI)
	a.Plaintext = a.Plaintext || by.Plaintext
	a.Forged = a.Forged || by.Forged
	a.Proxied = a.Proxied || by.Proxied
	a.Headers = merged(a.Headers, by.Headers)
	if by.Token != nil {
		a.Token = by.Token
	}
	if a.GRPC != "" {
		a.Method, a.Path = "", ""
	}
	return a, a.complete("unlike")
}

func merged(one, other map[string]string) map[string]string {
	if one == nil && other == nil {
		return nil
	}
	all := map[string]string{}
	maps.Copy(all, one)
	maps.Copy(all, other)
	return all
}
