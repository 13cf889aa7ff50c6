package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"cdk8s-mesh/conformance/internal/report"
)

const nobody = 65534

// unprivileged makes connections as a user who may not make namespaces. The program itself is started, because that
// user cannot reach the caches that conformance/run builds from.
func unprivileged(home string) report.Check {
	r := refusal{name: "network without root", says: says("network needs root")}
	dir, err := sandbox(home, calls("outside", "cart.shop:7070", "cut"))
	if err != nil {
		return report.NewCheck(r.name, err.Error())
	}
	defer os.RemoveAll(dir)
	program := filepath.Join(dir, "conformance")
	if err := copyProgram(program); err != nil {
		return report.NewCheck(r.name, err.Error())
	}
	command := exec.Command(program, words(shopCalls)...)
	command.Dir = dir
	command.Env = append(os.Environ(), "INIT_CWD="+dir)
	command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	return refusedAs(command, r)
}

func copyProgram(target string) error {
	source, err := os.Open("/proc/self/exe")
	if err != nil {
		return err
	}
	defer source.Close()
	copied, err := os.OpenFile(target, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		return err
	}
	_, err = io.Copy(copied, source)
	return errors.Join(err, copied.Close())
}

// interruptions ends a run by each signal while its network stands; nothing of it may be left.
func interruptions(home string) []report.Check {
	var checks []report.Check
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGKILL} {
		progress(signal.String())
		check := report.NewCheck(fmt.Sprintf("nothing is left after signal %d (%s)", int(signal), signal))
		if err := interrupted(home, signal); err != nil {
			check = report.NewCheck(check.Name, err.Error())
		}
		checks = append(checks, check)
	}
	return checks
}

func interrupted(home string, signal syscall.Signal) error {
	command := exec.Command(filepath.Join(home, "run"), "network", filepath.Join(home, "testdata/shop"), filepath.Join(home, "calls/shop.yaml"),
		"--context", filepath.Join(home, "context/cluster.yaml"), filepath.Join(home, "context/shop.yaml"))
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := command.Start(); err != nil {
		return err
	}
	group := command.Process.Pid
	made, err := networksOnceMade(group)
	if err != nil {
		return errors.Join(err, syscall.Kill(-group, syscall.SIGKILL), command.Wait())
	}
	if err := syscall.Kill(group, signal); err != nil {
		return err
	}
	_ = command.Wait()
	if status, isUnix := command.ProcessState.Sys().(syscall.WaitStatus); !isUnix || status.Signal() != signal {
		return fmt.Errorf("the run ended with %s instead of by the signal", command.ProcessState)
	}
	return gone(group, made)
}

// networksOnceMade waits for the run to stand, and gives its network namespaces.
func networksOnceMade(pid int) (map[string]bool, error) {
	own, err := os.Readlink("/proc/self/ns/net")
	if err != nil {
		return nil, err
	}
	for range 600 {
		time.Sleep(50 * time.Millisecond)
		made := map[string]bool{}
		for _, name := range links(fmt.Sprintf("/proc/%d/fd/*", pid)) {
			if strings.HasPrefix(name, "net:[") && name != own {
				made[name] = true
			}
		}
		if len(made) > 50 {
			return made, nil
		}
	}
	return nil, errors.New("the run made no network within 30 seconds")
}

// gone waits for the kernel to finish, which clears namespaces away a moment after their process.
func gone(group int, made map[string]bool) error {
	var failure error
	for range 100 {
		if failure = left(group, made); failure == nil {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return failure
}

func left(group int, made map[string]bool) error {
	if err := syscall.Kill(-group, 0); err == nil {
		return errors.New("a process of the run is left")
	}
	for _, name := range append(links("/proc/[0-9]*/fd/*"), links("/proc/[0-9]*/ns/net")...) {
		if made[name] {
			return fmt.Errorf("the network namespace %s is left", name)
		}
	}
	return nil
}

// links reads the symbolic links of a pattern; those of processes that end meanwhile are left out.
func links(pattern string) []string {
	paths, _ := filepath.Glob(pattern)
	var targets []string
	for _, path := range paths {
		if target, err := os.Readlink(path); err == nil {
			targets = append(targets, target)
		}
	}
	return targets
}
