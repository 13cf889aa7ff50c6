package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
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

// A run under npm must not outlive it. Elsewhere it may outlive its parent, as nohup wants it.
func init() {
	if os.Getenv("npm_lifecycle_event") != "" {
		_, _, _ = syscall.RawSyscall(syscall.SYS_PRCTL, syscall.PR_SET_PDEATHSIG, uintptr(syscall.SIGKILL), 0)
	}
}

// interruptions ends a run by each signal while its network stands or its proxies run, and kills the npm that it stands under; nothing of
// it may be left.
func interruptions(home string) []report.Check {
	program, err := os.Executable()
	if err != nil {
		return []report.Check{report.NewCheck("the program", err.Error())}
	}
	words := []string{
		"network", filepath.Join(home, "testdata/shop"), filepath.Join(home, "calls/shop.yaml"),
		"--context", filepath.Join(home, "context/cluster.yaml"), filepath.Join(home, "context/shop.yaml"),
	}
	requests := []string{
		"routes", filepath.Join(home, "../examples/recipe"), filepath.Join(home, "calls/recipe.yaml"),
		"--context", filepath.Join(home, "context/cluster.yaml"), filepath.Join(home, "context/recipe.yaml"),
	}
	var checks []report.Check
	check := func(name string, signal syscall.Signal, stands func(int) (map[string]bool, error), command *exec.Cmd) {
		progress(name)
		if err := interrupted(signal, stands, command); err != nil {
			checks = append(checks, report.NewCheck(name, err.Error()))
			return
		}
		checks = append(checks, report.NewCheck(name))
	}
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGKILL} {
		check(fmt.Sprintf("nothing is left after signal %d (%s)", int(signal), signal), signal, networksOnceMade, exec.Command(program, words...))
		check(fmt.Sprintf("no Envoy is left after signal %d (%s)", int(signal), signal), signal, envoysOnceStarted, exec.Command(program, requests...))
	}
	parent := exec.Command("sh", append([]string{"-c", `"$0" "$@"; exit 1`, filepath.Join(home, "run")}, words...)...)
	parent.Env = append(os.Environ(), "npm_lifecycle_event=conformance")
	check("nothing is left after npm is killed", syscall.SIGKILL, networksOnceMade, parent)
	return checks
}

func interrupted(signal syscall.Signal, stands func(int) (map[string]bool, error), command *exec.Cmd) error {
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := command.Start(); err != nil {
		return err
	}
	group := command.Process.Pid
	made, err := stands(group)
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
func networksOnceMade(group int) (map[string]bool, error) {
	own, err := os.Readlink("/proc/self/ns/net")
	if err != nil {
		return nil, err
	}
	for range 600 {
		time.Sleep(50 * time.Millisecond)
		made := map[string]bool{}
		for _, pid := range members(group) {
			for _, name := range links(fmt.Sprintf("/proc/%d/fd/*", pid)) {
				if strings.HasPrefix(name, "net:[") && name != own {
					made[name] = true
				}
			}
		}
		if len(made) > 50 {
			return made, nil
		}
	}
	return nil, errors.New("the run made no network within 30 seconds")
}

// envoysOnceStarted waits for some proxies of the run. They have nothing of their own but processes of its group.
func envoysOnceStarted(group int) (map[string]bool, error) {
	for range 600 {
		time.Sleep(50 * time.Millisecond)
		count := 0
		for _, pid := range members(group) {
			for _, name := range links(fmt.Sprintf("/proc/%d/exe", pid)) {
				if strings.HasPrefix(filepath.Base(name), "envoy-") {
					count++
				}
			}
		}
		if count > 2 {
			return nil, nil
		}
	}
	return nil, errors.New("the run started no Envoys within 30 seconds")
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

func members(group int) []int {
	folders, _ := filepath.Glob("/proc/[0-9]*")
	var pids []int
	for _, folder := range folders {
		pid, err := strconv.Atoi(filepath.Base(folder))
		if err != nil {
			continue
		}
		if of, err := syscall.Getpgid(pid); err == nil && of == group {
			pids = append(pids, pid)
		}
	}
	return pids
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
