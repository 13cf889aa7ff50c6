package routes

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"cdk8s-mesh/conformance/internal/calls"
	"cdk8s-mesh/conformance/internal/mesh"
	"cdk8s-mesh/conformance/internal/network"
	"cdk8s-mesh/conformance/internal/proxy"
)

const podHeader = "X-Conformance-Pod"

// hit is one request, or one connection, that reached a pod.
type hit struct {
	pod    *network.Pod
	mirror bool
	path   string
	host   string
	header http.Header
}

// backends are the pods of one cell, which behave as the request wants it and remember what reached them.
type backends struct {
	behaviour calls.Backend
	closers   []func()
	mutex     sync.Mutex
	failed    int
	hits      []hit
}

// open lets a pod answer on a port of the loopback interface, and gives that port.
func (b *backends) open(pod *network.Pod, port mesh.Port) (int, error) {
	if b.behaviour.Refuse && b.concerns(pod) {
		number, release, err := proxy.Refusing()
		if err == nil {
			b.closers = append(b.closers, release)
		}
		return number, err
	}
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	number := listener.Addr().(*net.TCPAddr).Port
	// What stands for a host outside, or ends TLS, answers whatever is spoken to it; the others what their port says.
	connections := listener
	if pod.Workload == pod.Name || port.TLS() {
		requests := b.sniff(listener, pod)
		b.closers = append(b.closers, func() { listener.Close() })
		connections = requests
	} else if !port.HTTP() {
		b.closers = append(b.closers, func() { listener.Close() })
		go b.answerConnections(listener, pod)
		return number, nil
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { b.answer(w, r, pod) }), Protocols: &http.Protocols{}}
	server.Protocols.SetHTTP1(true)
	server.Protocols.SetUnencryptedHTTP2(true)
	b.closers = append(b.closers, func() { server.Close() })
	go server.Serve(connections)
	return number, nil
}

func (b *backends) close() {
	for _, closer := range b.closers {
		closer()
	}
}

// concerns says whether the request's behaviour is that of this pod.
func (b *backends) concerns(pod *network.Pod) bool {
	if len(b.behaviour.Pods) == 0 {
		return true
	}
	for _, name := range b.behaviour.Pods {
		if name == pod.Name {
			return true
		}
	}
	return false
}

// record remembers a hit, and says whether this one is to misbehave. Envoy marks the host of a copy that it mirrors.
func (b *backends) record(one hit) bool {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.hits = append(b.hits, one)
	if one.mirror || !b.concerns(one.pod) {
		return false
	}
	b.failed++
	return b.behaviour.FailFirst == 0 || b.failed <= b.behaviour.FailFirst
}

func (b *backends) seen() []hit {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return append([]hit(nil), b.hits...)
}

func (b *backends) answer(w http.ResponseWriter, r *http.Request, pod *network.Pod) {
	_, _ = io.Copy(io.Discard, r.Body)
	misbehaves := b.record(hit{pod, strings.Contains(r.Host, "-shadow"), r.RequestURI, r.Host, r.Header})
	w.Header().Set(podHeader, pod.Name)
	grpc := strings.HasPrefix(r.Header.Get("Content-Type"), "application/grpc")
	status, code := http.StatusOK, 0
	if misbehaves {
		time.Sleep(b.behaviour.Delay)
		code = b.behaviour.GRPCStatus
		if b.behaviour.Status != 0 {
			status = b.behaviour.Status
		}
	}
	if grpc {
		w.Header().Set("Content-Type", "application/grpc")
	}
	if grpc || code != 0 {
		w.Header().Set("Grpc-Status", strconv.Itoa(code))
	}
	w.WriteHeader(status)
}

func (b *backends) answerConnections(listener net.Listener, pod *network.Pod) {
	for {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		go b.answerConnection(connection, pod)
	}
}

func (b *backends) answerConnection(connection net.Conn, pod *network.Pod) {
	defer connection.Close()
	line := make([]byte, 1)
	if _, err := connection.Read(line); err != nil {
		return
	}
	if b.record(hit{pod: pod}) {
		time.Sleep(b.behaviour.Delay)
	}
	fmt.Fprintln(connection, pod.Name)
}
