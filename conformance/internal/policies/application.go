package policies

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"

	"cdk8s-mesh/conformance/internal/calls"
	"cdk8s-mesh/conformance/internal/outside"
	"cdk8s-mesh/conformance/internal/translate"
)

// What the application says of itself, and of what it was asked.
const (
	servedHeader = "X-Conformance-Served"
	byHeader     = "X-Conformance-By"
	seenPrefix   = "X-Conformance-Seen-"
)

// application answers everything that gets as far as it, for every pod of a kind.
type application struct {
	kind     string
	backends translate.Backends
	server   *http.Server
	plain    net.Listener
}

func newApplication(kind string) (*application, error) {
	web, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	plain, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	port := func(listener net.Listener) int { return listener.Addr().(*net.TCPAddr).Port }
	a := &application{kind, translate.Backends{HTTP: port(web), TCP: port(plain)}, &http.Server{Protocols: &http.Protocols{}}, plain}
	a.server.Handler = http.HandlerFunc(a.answer)
	a.server.Protocols.SetHTTP1(true)
	a.server.Protocols.SetUnencryptedHTTP2(true)
	go a.server.Serve(web)
	go a.answerConnections()
	return a, nil
}

// port is where it takes what a call speaks.
func (a *application) port(attempt calls.Attempt) int {
	if attempt.Method == "" {
		return a.backends.TCP
	}
	return a.backends.HTTP
}

func (a *application) close() {
	a.server.Close()
	a.plain.Close()
}

func (a *application) answer(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	w.Header().Set(servedHeader, r.RequestURI)
	w.Header().Set(byHeader, a.kind)
	for name, values := range r.Header {
		w.Header()[seenPrefix+name] = values
	}
	if grpc := r.Header.Get("Content-Type"); grpc != "" {
		w.Header().Set("Content-Type", grpc)
		w.Header().Set("Grpc-Status", "0")
	}
	w.WriteHeader(http.StatusOK)
}

func (a *application) answerConnections() {
	for {
		connection, err := a.plain.Accept()
		if err != nil {
			return
		}
		go a.answerConnection(connection)
	}
}

const tlsHandshake = 0x16

// answerConnection takes TLS off that a caller speaks to the application itself.
func (a *application) answerConnection(connection net.Conn) {
	defer connection.Close()
	reader := bufio.NewReader(connection)
	first, err := reader.Peek(1)
	if err == nil && first[0] == tlsHandshake {
		connection = tls.Server(peeked{connection, reader}, &tls.Config{Certificates: []tls.Certificate{outside.Certificate(a.kind)}})
		_, err = connection.Read(make([]byte, 32))
	}
	if err == nil {
		fmt.Fprintln(connection, servedHeader, a.kind)
	}
}

// peeked is a connection whose first byte was looked at.
type peeked struct {
	net.Conn
	reader *bufio.Reader
}

func (p peeked) Read(into []byte) (int, error) { return p.reader.Read(into) }
