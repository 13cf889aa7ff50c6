// Package identity makes the certificates by which workloads know each other, and the tokens of people.
package identity

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/url"
	"sync"
	"time"
)

// Authority signs the certificates of every workload of a run.
type Authority struct {
	// Roots is its own certificate, in PEM.
	Roots string

	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	mutex       sync.Mutex
	issued      map[string]tls.Certificate
}

const lifetime = 12 * time.Hour

// NewAuthority makes an authority that nobody else knows.
func NewAuthority() (*Authority, error) {
	key, err := newKey()
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(lifetime),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	return &Authority{Roots: block("CERTIFICATE", der), certificate: template, key: key, issued: map[string]tls.Certificate{}}, nil
}

// Workload is the SPIFFE certificate of a service account.
func (a *Authority) Workload(trustDomain, namespace, account string) (tls.Certificate, error) {
	id := url.URL{Scheme: "spiffe", Host: trustDomain, Path: fmt.Sprintf("/ns/%s/sa/%s", namespace, account)}
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if issued, known := a.issued[id.String()]; known {
		return issued, nil
	}
	key, err := newKey()
	if err != nil {
		return tls.Certificate{}, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(int64(len(a.issued) + 2)), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(lifetime),
		URIs: []*url.URL{&id}, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, &key.PublicKey, a.key)
	if err != nil {
		return tls.Certificate{}, err
	}
	a.issued[id.String()] = tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	return a.issued[id.String()], nil
}

// PEM gives a certificate and its key as a proxy reads them.
func PEM(certificate tls.Certificate) (chain, key string, err error) {
	der, err := x509.MarshalPKCS8PrivateKey(certificate.PrivateKey)
	return block("CERTIFICATE", certificate.Certificate[0]), block("PRIVATE KEY", der), err
}

func newKey() (*ecdsa.PrivateKey, error) { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) }

func block(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}
