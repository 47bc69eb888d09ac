//go:build ignore

// Does a log written by another implementation hold for Countersign? Writes one with the Go team's sumdb packages: a
// folder of tiles, entry bundles and a signed checkpoint, and on standard output the key and proofs to compare.
//
//	go run writer.go shared.go FOLDER NAME SIZE

package main

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type storage []tlog.Hash

func (s *storage) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		out[i] = (*s)[index]
	}
	return out, nil
}

func write(folder, path string, data []byte) {
	full := filepath.Join(folder, path)
	must(os.MkdirAll(filepath.Dir(full), 0o755))
	must(os.WriteFile(full, data, 0o644))
}

func bundle(entries [][]byte) []byte {
	var out []byte
	for _, entry := range entries {
		var length [2]byte
		binary.BigEndian.PutUint16(length[:], uint16(len(entry)))
		out = append(append(out, length[:]...), entry...)
	}
	return out
}

func grow(size int64) (*storage, [][]byte) {
	hashes := &storage{}
	var entries [][]byte
	for i := int64(0); i < size; i++ {
		entry := []byte(fmt.Sprintf("entry %d", i))
		added, err := tlog.StoredHashes(i, entry, hashes)
		must(err)
		*hashes = append(*hashes, added...)
		entries = append(entries, entry)
	}
	return hashes, entries
}

func writeTiles(folder string, size int64, hashes *storage, entries [][]byte) {
	for _, tile := range tlog.NewTiles(height, 0, size) {
		data, err := tlog.ReadTileData(tile, hashes)
		must(err)
		write(folder, tilePath(tile), data)
		if tile.L == 0 {
			start := int(tile.N << height)
			tile.L = -1
			write(folder, tilePath(tile), bundle(entries[start:start+tile.W]))
		}
	}
}

func sign(name string, tree tlog.Tree) (vkey string, signed []byte) {
	skey, vkey, err := note.GenerateKey(rand.Reader, name)
	must(err)
	signer, err := note.NewSigner(skey)
	must(err)
	text := fmt.Sprintf("%s\n%d\n%s\n", name, tree.N, tree.Hash)
	signed, err = note.Sign(&note.Note{Text: text}, signer)
	must(err)
	return vkey, signed
}

func main() {
	folder, name := os.Args[1], os.Args[2]
	size, err := strconv.ParseInt(os.Args[3], 10, 64)
	must(err)
	hashes, entries := grow(size)
	root, err := tlog.TreeHash(size, hashes)
	must(err)
	writeTiles(folder, size, hashes, entries)
	vkey, signed := sign(name, tlog.Tree{N: size, Hash: root})
	write(folder, "checkpoint", signed)
	var records, trees [][]tlog.Hash
	for i := int64(0); i < size; i++ {
		record, err := tlog.ProveRecord(size, i, hashes)
		must(err)
		tree, err := tlog.ProveTree(size, i+1, hashes)
		must(err)
		records, trees = append(records, record), append(trees, tree)
	}
	must(json.NewEncoder(os.Stdout).Encode(map[string]interface{}{"key": vkey, "records": records, "trees": trees}))
}
