package translate

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"

	security "istio.io/api/security/v1beta1"
)

const (
	tokenFilter = "envoy.filters.http.jwt_authn"
	payload     = "payload"
	// In policies this is the mesh's own trust domain, whatever its name.
	localDomain = "cluster.local"
)

// source is who calls; every part must hold. A caller in plain text has no identity, so that it is nobody that a part
// names, and everybody that a part excludes.
func (r *ruleOf) source(field string, from *security.Source) ([]object, error) {
	var parts []object
	add := func(values, others []string, match func(string) object) {
		parts = append(parts, oneOf("or_ids", "ids", values, others, match)...)
	}
	add(r.local(from.GetPrincipals()), r.local(from.GetNotPrincipals()), principalMatch)
	add(from.GetNamespaces(), from.GetNotNamespaces(), namespaceMatch)
	add(from.GetServiceAccounts(), from.GetNotServiceAccounts(), r.accountMatch)
	add(from.GetTrustDomains(), from.GetNotTrustDomains(), func(value string) object {
		return peer(object{"safe_regex": object{"regex": "spiffe://" + glob(value, "[^/]*") + "/.*"}})
	})
	for _, value := range slices.Concat(from.GetRequestPrincipals(), from.GetNotRequestPrincipals()) {
		if value != "*" && !strings.Contains(value, "/") {
			return nil, r.policy.Bad(field, "has the request principal `%s`; fix: write issuer/subject", value)
		}
	}
	for _, values := range [][]string{from.GetRemoteIpBlocks(), from.GetNotRemoteIpBlocks()} {
		for _, value := range values {
			if _, err := addressRange(value); err != nil {
				return nil, r.policy.Bad(field, "has `%s`, which is no address", value)
			}
		}
	}
	add(from.GetRemoteIpBlocks(), from.GetNotRemoteIpBlocks(), func(value string) object {
		block, _ := addressRange(value)
		return object{"remote_ip": block}
	})
	parts = append(parts, r.ofHTTP(oneOf("or_ids", "ids", from.GetRequestPrincipals(), from.GetNotRequestPrincipals(), requestPrincipal))...)
	return parts, nil
}

// local adds to each principal of the mesh's own trust domain the same under its other names.
func (r *ruleOf) local(principals []string) []string {
	domains := r.settings.TrustDomains()
	var all []string
	for _, principal := range principals {
		domain, rest, _ := strings.Cut(principal, "/")
		if domain != localDomain && !slices.Contains(domains, domain) {
			all = append(all, principal)
			continue
		}
		for _, name := range domains {
			all = append(all, name+"/"+rest)
		}
	}
	return all
}

func peer(pattern object) object {
	return object{"authenticated": object{"principal_name": pattern}}
}

func principalMatch(value string) object {
	switch {
	case value == "*":
		return peer(valueMatch(value))
	case strings.HasPrefix(value, "*"):
		return peer(object{"safe_regex": object{"regex": "spiffe://.*" + regexp.QuoteMeta(value[1:])}})
	}
	return peer(valueMatch("spiffe://" + value))
}

func namespaceMatch(value string) object {
	return peer(object{"safe_regex": object{"regex": ".*/ns/" + glob(value, ".*") + "/.*"}})
}

// accountMatch takes the account in every trust domain; without a namespace it is one of the policy's own.
func (r *ruleOf) accountMatch(value string) object {
	namespace, account, qualified := strings.Cut(value, "/")
	if !qualified {
		namespace, account = r.policy.Namespace, value
	}
	return peer(object{"safe_regex": object{"regex": "spiffe://[^/]+/ns/" + regexp.QuoteMeta(namespace) + "/sa/" + regexp.QuoteMeta(account)}})
}

// requestPrincipal is the token's issuer and subject.
func requestPrincipal(value string) object {
	issuer, subject := "*", "*"
	if cut := strings.LastIndex(value, "/"); cut >= 0 {
		issuer, subject = value[:cut], value[cut+1:]
	}
	return allIDs([]object{claim([]string{"iss"}, issuer), claim([]string{"sub"}, subject)})
}

// claim compares a claim that is one value, or a list that has it.
func claim(path []string, value string) object {
	steps := list{object{"key": payload}}
	for _, step := range path {
		steps = append(steps, object{"key": step})
	}
	with := func(match object) object {
		return object{"metadata": object{"filter": tokenFilter, "path": steps, "value": match}}
	}
	text := object{"string_match": valueMatch(value)}
	return joinedBy("or_ids", "ids", []object{with(text), with(object{"list_match": object{"one_of": text}})})
}

func addressRange(value string) (object, error) {
	block, err := netip.ParsePrefix(value)
	if err != nil {
		address, err := netip.ParseAddr(value)
		if err != nil {
			return nil, err
		}
		block = netip.PrefixFrom(address, address.BitLen())
	}
	return object{"address_prefix": block.Addr().String(), "prefix_len": block.Bits()}, nil
}
