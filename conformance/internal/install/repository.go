package install

import (
	"crypto/sha256"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"cdk8s-mesh/conformance/internal/outside"
)

// repository serves the packed charts as companies do: by HTTPS with an index, and as an OCI registry.
type repository struct {
	server      *http.Server
	port        int
	certificate string
}

const emptyIndex = "apiVersion: v1\nentries: {}\n"

func (h *helm) serve() (*repository, error) {
	if _, err := h.run("repo", "index", h.packed()); err != nil {
		return nil, err
	}
	r := &repository{certificate: filepath.Join(h.folder, "authority.pem")}
	if err := os.WriteFile(r.certificate, []byte(outside.AuthorityPEM()), 0o644); err != nil {
		return nil, err
	}
	registry, err := newRegistry(h.packed())
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/charts/", http.StripPrefix("/charts/", http.FileServer(http.Dir(h.packed()))))
	mux.HandleFunc("/empty/index.yaml", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, emptyIndex) })
	mux.Handle("/v2/", registry)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r.port = listener.Addr().(*net.TCPAddr).Port
	r.server = &http.Server{Handler: mux, TLSConfig: &tls.Config{Certificates: []tls.Certificate{outside.Certificate("localhost")}}}
	go func() { _ = r.server.ServeTLS(listener, "", "") }()
	return r, nil
}

func (r *repository) close() { _ = r.server.Close() }

// at is the address of a folder of charts.
func (r *repository) at(scheme, folder string) string {
	return fmt.Sprintf("%s://localhost:%d/%s", scheme, r.port, folder)
}

// registry has every chart as an image of one layer: https://helm.sh/docs/topics/registries/
type registry struct {
	// contents are manifests and blobs, by their path.
	contents map[string]content
}

type content struct {
	mediaType string
	bytes     []byte
}

type descriptor struct {
	MediaType string `json:"mediaType"`
	Digest    string `json:"digest"`
	Size      int    `json:"size"`
}

var archiveName = regexp.MustCompile(`^(.+)-(\d+\.\d+\.\d+)\.tgz$`)

func newRegistry(folder string) (*registry, error) {
	r := &registry{contents: map[string]content{}}
	archives, err := filepath.Glob(filepath.Join(folder, "*.tgz"))
	if err != nil {
		return nil, err
	}
	for _, archive := range archives {
		layer, err := os.ReadFile(archive)
		if err != nil {
			return nil, err
		}
		match := archiveName.FindStringSubmatch(filepath.Base(archive))
		if match == nil {
			return nil, fmt.Errorf("`%s` is no chart with its version", archive)
		}
		chart, version := match[1], match[2]
		config, err := json.Marshal(map[string]string{"apiVersion": "v2", "name": chart, "version": version})
		if err != nil {
			return nil, err
		}
		const image = "application/vnd.oci.image.manifest.v1+json"
		manifest, err := json.Marshal(map[string]any{
			"schemaVersion": 2, "mediaType": image,
			"config": r.blob(chart, content{"application/vnd.cncf.helm.config.v1+json", config}),
			"layers": []descriptor{r.blob(chart, content{"application/vnd.cncf.helm.chart.content.v1.tar+gzip", layer})},
		})
		if err != nil {
			return nil, err
		}
		for _, reference := range []string{version, digest(manifest)} {
			r.contents["oci/"+chart+"/manifests/"+reference] = content{image, manifest}
		}
	}
	return r, nil
}

func (r *registry) blob(chart string, of content) descriptor {
	r.contents["oci/"+chart+"/blobs/"+digest(of.bytes)] = of
	return descriptor{of.mediaType, digest(of.bytes), len(of.bytes)}
}

func digest(of []byte) string { return fmt.Sprintf("sha256:%x", sha256.Sum256(of)) }

func (r *registry) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	path := strings.TrimPrefix(request.URL.Path, "/v2/")
	found, there := r.contents[path]
	if path != "" && !there {
		http.NotFound(w, request)
		return
	}
	w.Header().Set("Content-Type", found.mediaType)
	w.Header().Set("Docker-Content-Digest", digest(found.bytes))
	w.Header().Set("Content-Length", fmt.Sprint(len(found.bytes)))
	if request.Method != http.MethodHead {
		_, _ = w.Write(found.bytes)
	}
}
