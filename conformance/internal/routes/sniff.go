package routes

import (
	"bufio"
	"crypto/tls"
	"net"

	"cdk8s-mesh/conformance/internal/network"
	"cdk8s-mesh/conformance/internal/outside"
)

const tlsHandshake = 0x16

// peeked is a connection whose first byte was looked at.
type peeked struct {
	net.Conn
	reader *bufio.Reader
}

func (p peeked) Read(into []byte) (int, error) { return p.reader.Read(into) }

// requests is a listener for those connections in which requests are spoken.
type requests struct {
	net.Listener
	accepted chan net.Conn
}

func (r requests) Accept() (net.Conn, error) {
	if connection, open := <-r.accepted; open {
		return connection, nil
	}
	return nil, net.ErrClosed
}

// sniff takes TLS off connections, answers those without requests, and hands on those with.
func (b *backends) sniff(listener net.Listener, pod *network.Pod) net.Listener {
	found := requests{listener, make(chan net.Conn)}
	config := &tls.Config{Certificates: []tls.Certificate{outside.Certificate(pod.Name)}}
	go func() {
		defer close(found.accepted)
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go b.sniffOne(connection, config, found.accepted, pod)
		}
	}()
	return found
}

func (b *backends) sniffOne(connection net.Conn, config *tls.Config, requests chan<- net.Conn, pod *network.Pod) {
	read := peeked{connection, bufio.NewReader(connection)}
	first, err := read.reader.Peek(1)
	switch {
	case err != nil:
		connection.Close()
	case first[0] == tlsHandshake:
		b.sniffOne(tls.Server(read, config), config, requests, pod)
	case first[0] >= 'A' && first[0] <= 'Z': // a method, or the preface of HTTP/2
		defer func() { _ = recover() }() // The cell is over.
		requests <- read
	default:
		b.answerConnection(read, pod)
	}
}
