package network

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// patience outlasts the first repetition of a lost SYN, which comes after one second.
const patience = 1500 * time.Millisecond

// dial makes one connection and tells what became of it: who answered, or nothing, or what else.
func (h host) dial(address netip.AddrPort, protocol corev1.Protocol) (answer string, outcome string, err error) {
	err = h.inside(func() error {
		answer, outcome = dialHere(address, strings.ToLower(string(protocol)))
		return nil
	})
	return answer, outcome, err
}

func dialHere(address netip.AddrPort, protocol string) (answer, outcome string) {
	connection, err := net.DialTimeout(protocol, address.String(), patience)
	if err != nil {
		return "", describe(err)
	}
	defer connection.Close()
	if err := connection.SetDeadline(time.Now().Add(patience)); err != nil {
		return "", describe(err)
	}
	if protocol == "tcp" {
		data, err := io.ReadAll(connection)
		if err != nil {
			return "", describe(err)
		}
		return string(data), Connected
	}
	if _, err := connection.Write([]byte("?")); err != nil {
		return "", describe(err)
	}
	buffer := make([]byte, 512)
	length, err := connection.Read(buffer)
	if err != nil {
		return "", describe(err)
	}
	return string(buffer[:length]), Connected
}

func describe(err error) string {
	if errors.Is(err, os.ErrDeadlineExceeded) || os.IsTimeout(err) {
		return Cut
	}
	return fmt.Sprintf("failed: %v", err)
}
