package identity

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"sync"
	"time"

	"cdk8s-mesh/conformance/internal/calls"
)

// Issuers are those of tokens. The run has keys of its own for each, in the place of the real ones.
type Issuers struct {
	mutex    sync.Mutex
	keys     map[string]*ecdsa.PrivateKey
	stranger *ecdsa.PrivateKey
}

// NewIssuers makes issuers, whose keys come when they are asked for.
func NewIssuers() (*Issuers, error) {
	stranger, err := newKey()
	return &Issuers{keys: map[string]*ecdsa.PrivateKey{}, stranger: stranger}, err
}

func (i *Issuers) key(issuer string) (*ecdsa.PrivateKey, error) {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	if i.keys[issuer] == nil {
		made, err := newKey()
		if err != nil {
			return nil, err
		}
		i.keys[issuer] = made
	}
	return i.keys[issuer], nil
}

// KeySet is the JSON Web Key Set of an issuer.
func (i *Issuers) KeySet(issuer string) (string, error) {
	key, err := i.key(issuer)
	if err != nil {
		return "", err
	}
	public, err := key.PublicKey.Bytes() // 4, x, y
	if err != nil {
		return "", err
	}
	set, err := json.Marshal(map[string]any{"keys": []any{map[string]any{
		"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "x": encoded(public[1:33]), "y": encoded(public[33:]),
	}}})
	return string(set), err
}

// Sign makes the token that a call asks for.
func (i *Issuers) Sign(token calls.Token) (string, error) {
	key, err := i.key(token.Issuer)
	if err != nil {
		return "", err
	}
	if token.Forged {
		key = i.stranger
	}
	now := time.Now()
	claims := map[string]any{"iss": token.Issuer, "iat": now.Add(-2 * time.Hour).Unix(), "exp": now.Add(time.Hour).Unix()}
	if token.Subject != "" {
		claims["sub"] = token.Subject
	}
	if token.Audiences != nil {
		claims["aud"] = token.Audiences
	}
	if token.Expired {
		claims["exp"] = now.Add(-time.Hour).Unix()
	}
	for name, value := range token.Claims {
		claims[name] = value
	}
	body, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	text := encoded([]byte(`{"alg":"ES256","typ":"JWT"}`)) + "." + encoded(body)
	digest := sha256.Sum256([]byte(text))
	r, s, err := ecdsa.Sign(rand.Reader, key, digest[:])
	if err != nil {
		return "", err
	}
	signature := make([]byte, 64)
	r.FillBytes(signature[:32])
	s.FillBytes(signature[32:])
	return text + "." + encoded(signature), nil
}

func encoded(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }
