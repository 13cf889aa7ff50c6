// Package proxy runs Envoy as a child process that leaves nothing behind: no file, no port, and no process, however the
// run ends.
package proxy

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const (
	startWithin = 20 * time.Second
	logLimit    = 1 << 30
)

// Envoy is one running proxy.
type Envoy struct {
	Ports  map[string]int // by listener
	log    *os.File
	admin  *http.Client
	stop   func()
	ended  chan struct{}
	output *bytes.Buffer
}

var number atomic.Int64

// Check says whether this machine can run Envoy at all.
func Check() error { return nil }

// AdminName is a socket name that nobody else has. It is an abstract one, which ends with its process.
func AdminName() string { return fmt.Sprintf("@conformance-%d-%d", os.Getpid(), number.Add(1)) }

// Validate asks Envoy whether it accepts a configuration; the answer is empty when it does.
func Validate(binary string, config []byte) (complaint string, err error) {
	command, output, err := prepared(binary, config, "--mode", "validate")
	if err != nil {
		return "", err
	}
	if err = run(command); err == nil {
		err = command.Wait()
	}
	closeAll(command.ExtraFiles)
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		return complaintIn(output.String()), nil
	}
	return "", err
}

// Start runs Envoy and waits until it takes requests. What Envoy refuses is an error that says why.
func Start(binary, adminName string, config []byte) (*Envoy, error) {
	command, output, err := prepared(binary, config)
	if err != nil {
		return nil, err
	}
	if err := run(command); err != nil {
		return nil, err
	}
	envoy := &Envoy{log: command.ExtraFiles[1], output: output, ended: make(chan struct{}), stop: func() { _ = command.Process.Kill() }}
	go func() {
		_ = command.Wait()
		closeAll(command.ExtraFiles)
		close(envoy.ended)
	}()
	envoy.admin = &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", adminName)
	}}}
	if err := envoy.ready(); err != nil {
		envoy.Stop()
		return nil, err
	}
	return envoy, nil
}

// Stop ends the process.
func (e *Envoy) Stop() {
	e.stop()
	<-e.ended
	e.admin.CloseIdleConnections()
}

func (e *Envoy) ready() error {
	for deadline := time.Now().Add(startWithin); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		select {
		case <-e.ended:
			return fmt.Errorf("envoy refuses the configuration: %s", complaintIn(e.output.String()))
		default:
		}
		if state, err := e.get("/ready"); err != nil || strings.TrimSpace(state) != "LIVE" {
			continue
		}
		return e.readPorts()
	}
	return fmt.Errorf("envoy was not ready within %s", startWithin)
}

func (e *Envoy) readPorts() error {
	text, err := e.get("/listeners?format=json")
	if err != nil {
		return err
	}
	var answer struct {
		Listeners []struct {
			Name    string
			Address struct {
				Socket struct {
					Port int `json:"port_value"`
				} `json:"socket_address"`
			} `json:"local_address"`
		} `json:"listener_statuses"`
	}
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		return err
	}
	e.Ports = map[string]int{}
	for _, listener := range answer.Listeners {
		e.Ports[listener.Name] = listener.Address.Socket.Port
	}
	return nil
}

// Log is what listeners have written to the access log so far.
func (e *Envoy) Log() ([]byte, error) {
	return io.ReadAll(io.NewSectionReader(e.log, 0, logLimit))
}

// Stats gives the counters whose names match a regular expression.
func (e *Envoy) Stats(filter string) (map[string]int, error) {
	text, err := e.get("/stats?format=json&filter=" + filter)
	if err != nil {
		return nil, err
	}
	var answer struct {
		Stats []struct {
			Name  string
			Value int
		}
	}
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		return nil, err
	}
	counters := map[string]int{}
	for _, stat := range answer.Stats {
		counters[stat.Name] = stat.Value
	}
	return counters, nil
}

func (e *Envoy) get(path string) (string, error) {
	response, err := e.admin.Get("http://admin" + path)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return string(body), err
}

// prepared hands the configuration over in memory, as file 3, and takes the access log as file 4.
func prepared(binary string, config []byte, words ...string) (*exec.Cmd, *bytes.Buffer, error) {
	file, err := inMemory("envoy.json")
	if err != nil {
		return nil, nil, err
	}
	accessLog, err := inMemory("access.log")
	if err != nil {
		return nil, nil, err
	}
	if _, err := file.Write(config); err != nil {
		return nil, nil, err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, nil, err
	}
	command := exec.Command(binary, append([]string{
		"--config-path", "/dev/fd/3", "--concurrency", "1", "--disable-hot-restart", "--log-level", "error", "--log-format", "%v",
		"--file-flush-interval-msec", "10",
	}, words...)...)
	output := &bytes.Buffer{}
	command.Stdout, command.Stderr = output, output
	command.ExtraFiles = []*os.File{file, accessLog}
	// A signal from the terminal reaches this program, which takes Envoy with it.
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return command, output, nil
}

func inMemory(name string) (*os.File, error) {
	descriptor, err := unix.MemfdCreate(name, unix.MFD_CLOEXEC)
	return os.NewFile(uintptr(descriptor), name), err
}

func closeAll(files []*os.File) {
	for _, file := range files {
		file.Close()
	}
}

var starts = make(chan func())

// Linux sends the parent's death signal when the thread ends that started the child, so that one thread starts them all
// and never ends.
func init() {
	go func() {
		runtime.LockOSThread()
		for start := range starts {
			start()
		}
	}()
}

func run(command *exec.Cmd) error {
	result := make(chan error)
	starts <- func() { result <- command.Start() }
	return <-result
}

// complaintIn leaves only what Envoy has to say about a configuration, in one line.
func complaintIn(output string) string {
	lines := strings.FieldsFunc(strings.TrimSpace(output), func(r rune) bool { return r == '\n' })
	if len(lines) > 6 {
		lines = lines[:6]
	}
	return strings.Join(lines, "; ")
}

// Refusing holds a port that refuses every connection, until it is closed.
func Refusing() (port int, release func(), err error) {
	socket, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return 0, nil, err
	}
	release = func() { _ = unix.Close(socket) }
	if err := unix.Bind(socket, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		release()
		return 0, nil, err
	}
	name, err := unix.Getsockname(socket)
	if err != nil {
		release()
		return 0, nil, err
	}
	return name.(*unix.SockaddrInet4).Port, release, nil
}
