//go:build ignore

// Does a log written by Countersign hold for another implementation? Reads a folder of checkpoint and tiles, or a server of
// them, with the Go team's sumdb packages: verifies the note and its cosignature, authenticates every tile, recomputes the root, checks
// every entry against its leaf and proves its inclusion, and proves consistency with every earlier head.
//
//	go run reader.go shared.go FOLDER-OR-ADDRESS LOG-KEY WITNESS-KEY [SIZE:ROOT ...]
//
// A witness key of `-` stands for none.

package main

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type folder struct {
	path  string
	cache map[tlog.Tile][]byte
}

func (f folder) Height() int                                { return height }
func (f folder) SaveTiles(tiles []tlog.Tile, data [][]byte) {}

func (f folder) read(path string) ([]byte, error) {
	if !strings.HasPrefix(f.path, "http") {
		return os.ReadFile(filepath.Join(f.path, path))
	}
	answer, err := http.Get(f.path + "/" + path)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", path, answer.Status)
	}
	return io.ReadAll(answer.Body)
}

func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	out := make([][]byte, len(tiles))
	for i, tile := range tiles {
		data, ok := f.cache[tile]
		if !ok {
			var err error
			if data, err = f.read(tilePath(tile)); err != nil {
				return nil, err
			}
			f.cache[tile] = data
		}
		out[i] = data
	}
	return out, nil
}

func (f folder) entries(size int64) [][]byte {
	var entries [][]byte
	for _, tile := range tlog.NewTiles(height, 0, size) {
		complete := tile.W == 1<<height || int64(tile.W) == size-tile.N<<height
		if tile.L != 0 || !complete {
			continue
		}
		tile.L = -1
		data, err := f.read(tilePath(tile))
		must(err)
		for len(data) > 0 {
			n := 2 + int(binary.BigEndian.Uint16(data))
			entries = append(entries, data[2:n])
			data = data[n:]
		}
	}
	return entries
}

func parseHead(text, separator string) tlog.Tree {
	parts := strings.Split(text, separator)
	size, err := strconv.ParseInt(parts[0], 10, 64)
	must(err)
	root, err := base64.StdEncoding.DecodeString(parts[1])
	must(err)
	head := tlog.Tree{N: size}
	copy(head.Hash[:], root)
	return head
}

func checkLeaves(tree tlog.Tree, f folder, reader tlog.HashReader) int {
	entries := f.entries(tree.N)
	if int64(len(entries)) != tree.N {
		log.Fatalf("%d entries for a tree of %d", len(entries), tree.N)
	}
	for i, entry := range entries {
		proof, err := tlog.ProveRecord(tree.N, int64(i), reader)
		must(err)
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, int64(i), tlog.RecordHash(entry)); err != nil {
			log.Fatalf("leaf %d: %v", i, err)
		}
	}
	return len(entries)
}

func checkHead(tree, older tlog.Tree, reader tlog.HashReader) {
	root, err := tlog.TreeHash(older.N, reader)
	must(err)
	if root != older.Hash {
		log.Fatalf("the tree of %d leaves has another root", older.N)
	}
	proof, err := tlog.ProveTree(tree.N, older.N, reader)
	must(err)
	must(tlog.CheckTree(proof, tree.N, tree.Hash, older.N, older.Hash))
}

func main() {
	f := folder{os.Args[1], map[tlog.Tile][]byte{}}
	logKey, err := note.NewVerifier(os.Args[2])
	must(err)
	verifiers := []note.Verifier{logKey}
	if os.Args[3] != "-" {
		witnessKey, err := newCosignatureVerifier(os.Args[3])
		must(err)
		verifiers = append(verifiers, witnessKey)
	}
	signed, err := f.read("checkpoint")
	must(err)
	opened, err := note.Open(signed, note.VerifierList(verifiers...))
	must(err)
	lines := strings.SplitN(opened.Text, "\n", 2)
	tree := parseHead(lines[1], "\n")
	reader := tlog.TileHashReader(tree, f)
	root, err := tlog.TreeHash(tree.N, reader)
	must(err)
	leaves := checkLeaves(tree, f, reader)
	for _, text := range os.Args[4:] {
		checkHead(tree, parseHead(text, ":"), reader)
	}
	must(json.NewEncoder(os.Stdout).Encode(map[string]interface{}{
		"origin": lines[0], "size": fmt.Sprint(tree.N), "root": root.String(),
		"signatures": len(opened.Sigs), "leaves": leaves, "heads": len(os.Args) - 4,
	}))
}
