package policies

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"cdk8s-mesh/conformance/internal/calls"
	"cdk8s-mesh/conformance/internal/translate"
)

const (
	patience = 10 * time.Second
	noStatus = -1
	// Neither HTTP nor TLS begins like this.
	greeting  = "\x00good day to you\n"
	grpcFrame = "\x00\x00\x00\x00\x00"
)

// wire is how a call gets to its end: through the callee's proxy, or past it.
type wire struct {
	address     string
	certificate *tls.Certificate // none in plain text
	port        uint32           // where the caller thinks that it is going
	number      string           // of the call, which is the port that it says to come from
	server      string           // the name that it asks for in TLS
	bypassed    bool
}

// response is what came back.
type response struct {
	status int
	grpc   int
	served string // the path that the application was asked for
	by     string // the kind of the application
	header http.Header
	err    error
}

// open tells the proxy where the connection was going, as iptables would, and then speaks as a caller does.
func (w wire) open(protocols ...string) (net.Conn, error) {
	connection, err := net.DialTimeout("tcp4", w.address, patience)
	if err != nil {
		return nil, err
	}
	if err := connection.SetDeadline(time.Now().Add(patience)); err != nil {
		return connection, err
	}
	if !w.bypassed {
		if _, err := io.WriteString(connection, proxyHeader(w.number, w.port)); err != nil {
			return connection, err
		}
	}
	config := &tls.Config{InsecureSkipVerify: true, ServerName: w.server, MinVersion: tls.VersionTLS12}
	switch {
	case w.certificate != nil:
		config.Certificates, config.NextProtos = []tls.Certificate{*w.certificate}, protocols
	case w.server == "": // in plain text
		return connection, nil
	}
	return tls.Client(connection, config), nil
}

// send makes the call.
func (w wire) send(attempt calls.Attempt, token string) response {
	if attempt.Method == "" {
		return w.connect()
	}
	grpc := strings.HasPrefix(attempt.Headers["content-type"], calls.GRPCType)
	protocols := []string{"istio-http/1.1", "istio", "http/1.1"}
	if grpc {
		protocols = []string{"istio-h2", "istio", "h2"}
	}
	got := response{status: noStatus, grpc: noStatus}
	transport := &http.Transport{Protocols: &http.Protocols{}, DisableKeepAlives: true, DisableCompression: true,
		DialContext: func(context.Context, string, string) (net.Conn, error) {
			return w.open(protocols...)
		}}
	defer transport.CloseIdleConnections()
	transport.Protocols.SetHTTP1(!grpc)
	transport.Protocols.SetUnencryptedHTTP2(grpc)
	request, err := newRequest(attempt, grpc, token)
	if err != nil {
		got.err = err
		return got
	}
	request.Header.Set(translate.CallHeader, w.number)
	answer, err := transport.RoundTrip(request)
	if err != nil {
		got.err = err
		return got
	}
	defer answer.Body.Close()
	_, got.err = io.Copy(io.Discard, answer.Body)
	got.status, got.served, got.header = answer.StatusCode, answer.Header.Get(servedHeader), answer.Header
	got.by = answer.Header.Get(byHeader)
	text := answer.Header.Get("Grpc-Status") + answer.Trailer.Get("Grpc-Status")
	if code, err := strconv.Atoi(text); err == nil {
		got.grpc = code
	}
	return got
}

func newRequest(attempt calls.Attempt, grpc bool, token string) (*http.Request, error) {
	var body io.Reader
	if grpc {
		body = bytes.NewReader([]byte(grpcFrame))
	}
	path := attempt.Path
	if path == "" {
		path = "/"
	}
	placed := strings.Contains(path, calls.TokenPlace)
	request, err := http.NewRequest(attempt.Method, "http://callee"+strings.ReplaceAll(path, calls.TokenPlace, token), body)
	if err != nil {
		return nil, err
	}
	for name, value := range attempt.Headers {
		placed = placed || strings.Contains(value, calls.TokenPlace)
		request.Header.Set(name, strings.ReplaceAll(value, calls.TokenPlace, token))
	}
	if host := request.Header.Get("host"); host != "" {
		request.Host = host
	}
	if token != "" && !placed {
		request.Header.Set("authorization", "Bearer "+token)
	}
	return request, nil
}

// connect says something and reads whether the application answers.
func (w wire) connect() response {
	got := response{status: noStatus, grpc: noStatus}
	connection, err := w.open("istio")
	if err != nil {
		got.err = err
		return got
	}
	defer connection.Close()
	if _, got.err = connection.Write([]byte(greeting)); got.err != nil {
		return got
	}
	line, err := bufio.NewReader(connection).ReadString('\n')
	got.served, got.by, _ = strings.Cut(strings.TrimSpace(line), " ")
	got.err = err
	return got
}
