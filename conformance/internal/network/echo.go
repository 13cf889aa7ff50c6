package network

import (
	"io"
	"net"
	"net/netip"

	"cdk8s-mesh/conformance/internal/report"

	corev1 "k8s.io/api/core/v1"
)

// serve answers every connection and every datagram on a port with a name, until the returned closer is closed.
func (h host) serve(address netip.AddrPort, protocol corev1.Protocol, name string) (io.Closer, error) {
	var closer io.Closer
	err := h.inside(func() (err error) {
		if protocol == corev1.ProtocolUDP {
			closer, err = serveUDP(address, name)
		} else {
			closer, err = serveTCP(address, name)
		}
		return err
	})
	if err != nil {
		return nil, report.Bad("cannot listen on %s port `%s` of `%s`: %v", protocol, address, name, err)
	}
	return closer, nil
}

func serveTCP(address netip.AddrPort, name string) (io.Closer, error) {
	listener, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(address))
	if err != nil {
		return nil, err
	}
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = io.WriteString(connection, name)
			_ = connection.Close()
		}
	}()
	return listener, nil
}

func serveUDP(address netip.AddrPort, name string) (io.Closer, error) {
	socket, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(address))
	if err != nil {
		return nil, err
	}
	go func() {
		buffer := make([]byte, 512)
		for {
			_, peer, err := socket.ReadFromUDPAddrPort(buffer)
			if err != nil {
				return
			}
			_, _ = socket.WriteToUDPAddrPort([]byte(name), peer)
		}
	}()
	return socket, nil
}
