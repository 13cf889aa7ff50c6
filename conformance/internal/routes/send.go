package routes

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"cdk8s-mesh/conformance/internal/calls"
)

const (
	patience  = time.Minute
	noStatus  = -1
	grpcFrame = "\x00\x00\x00\x00\x00"
)

// response is what came back to the client.
type response struct {
	status int
	grpc   int
	pod    string
	header http.Header
	took   time.Duration
	err    error
}

// send makes all of the requests; halfway is called once, when half of them are done.
func send(request calls.Request, host string, http2 bool, port int, halfway func()) []response {
	one := connector(request, port)
	if request.Method != "" {
		one = requester(request, host, http2, port)
	}
	responses := make([]response, request.Times)
	numbers := make(chan int)
	var workers sync.WaitGroup
	for range request.Parallel {
		workers.Go(func() {
			for number := range numbers {
				start := time.Now()
				responses[number] = one(number)
				responses[number].took = time.Since(start)
			}
		})
	}
	for number := range request.Times {
		if number == request.Times/2 {
			halfway()
		}
		numbers <- number
		time.Sleep(request.Every)
	}
	close(numbers)
	workers.Wait()
	return responses
}

func requester(request calls.Request, host string, http2 bool, port int) func(int) response {
	transport := &http.Transport{Protocols: &http.Protocols{}, DisableCompression: true, MaxIdleConnsPerHost: request.Parallel}
	transport.Protocols.SetHTTP1(!http2)
	transport.Protocols.SetUnencryptedHTTP2(http2)
	client := &http.Client{Transport: transport, Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	return func(number int) response {
		var body io.Reader
		if strings.HasPrefix(request.Headers["content-type"], "application/grpc") {
			body = bytes.NewReader([]byte(grpcFrame))
		}
		made, err := http.NewRequest(request.Method, fmt.Sprintf("http://127.0.0.1:%d%s", port, numbered(request.Path, number)), body)
		if err != nil {
			return response{err: err}
		}
		made.Host = host
		for name, value := range request.Headers {
			made.Header.Set(name, numbered(value, number))
		}
		got, err := client.Do(made)
		if err != nil {
			return response{err: err, status: noStatus, grpc: noStatus}
		}
		defer got.Body.Close()
		_, err = io.Copy(io.Discard, got.Body)
		return response{got.StatusCode, grpcStatus(got), got.Header.Get(podHeader), got.Header, 0, err}
	}
}

// numbered makes each request another user's.
func numbered(text string, number int) string {
	return strings.ReplaceAll(text, "{n}", strconv.Itoa(number))
}

func grpcStatus(got *http.Response) int {
	text := got.Header.Get("Grpc-Status")
	if text == "" {
		text = got.Trailer.Get("Grpc-Status")
	}
	if code, err := strconv.Atoi(text); err == nil {
		return code
	}
	return noStatus
}

// connector opens a connection, says one byte and reads who answers.
func connector(request calls.Request, port int) func(int) response {
	return func(int) response {
		connection, err := net.DialTimeout("tcp4", fmt.Sprintf("127.0.0.1:%d", port), patience)
		if err != nil {
			return response{err: err}
		}
		defer connection.Close()
		if request.SNI != "" {
			connection = tls.Client(connection, &tls.Config{ServerName: request.SNI, InsecureSkipVerify: true})
		}
		if err := connection.SetDeadline(time.Now().Add(patience)); err != nil {
			return response{err: err}
		}
		if _, err := connection.Write([]byte("x")); err != nil {
			return response{err: err}
		}
		line, err := bufio.NewReader(connection).ReadString('\n')
		return response{pod: strings.TrimSpace(line), err: err, status: noStatus, grpc: noStatus}
	}
}
