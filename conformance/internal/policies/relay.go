package policies

import (
	"fmt"
	"io"
	"net"
)

// relay stands for the iptables of a callee's pod, where its caller is a proxy that knows nothing of the run: it tells the
// callee's proxy where the connection was going.
type relay struct {
	listener net.Listener
	to       string
	header   string
}

func newRelay(to, number string, port uint32) (*relay, error) {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &relay{listener, to, proxyHeader(number, port)}
	go r.accept()
	return r, nil
}

func (r *relay) port() int { return r.listener.Addr().(*net.TCPAddr).Port }

func (r *relay) close() { r.listener.Close() }

func (r *relay) accept() {
	for {
		caller, err := r.listener.Accept()
		if err != nil {
			return
		}
		go r.join(caller)
	}
}

// join ends both sides when either ends.
func (r *relay) join(caller net.Conn) {
	defer caller.Close()
	callee, err := net.Dial("tcp4", r.to)
	if err != nil {
		return
	}
	defer callee.Close()
	if _, err := io.WriteString(callee, r.header); err != nil {
		return
	}
	go func() {
		_, _ = io.Copy(callee, caller)
		callee.Close()
	}()
	_, _ = io.Copy(caller, callee)
}

// proxyHeader tells where a connection was going, as iptables would.
func proxyHeader(number string, port uint32) string {
	return fmt.Sprintf("PROXY TCP4 10.0.0.1 10.0.0.2 %s %d\r\n", number, port)
}
