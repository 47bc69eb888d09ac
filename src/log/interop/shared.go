// What reader and writer share: where C2SP tlog-tiles keeps a tile that x/mod/sumdb/tlog names, and cosignature/v1,
// which x/mod does not know. Nothing here is shared with the TypeScript code it is held against.

package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"log"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

// tilePath turns tile/8/<L>/<N> into tile/<L>/<N>, and tile/8/data/<N> into tile/entries/<N>.
func tilePath(tile tlog.Tile) string {
	path := strings.TrimPrefix(tile.Path(), "tile/8/")
	if strings.HasPrefix(path, "data/") {
		return "tile/entries/" + strings.TrimPrefix(path, "data/")
	}
	return "tile/" + path
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// cosignatureVerifier is a note.Verifier for keys of type 4.
type cosignatureVerifier struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func newCosignatureVerifier(vkey string) (*cosignatureVerifier, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, fmt.Errorf("malformed verifier key")
	}
	raw, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(raw) != 33 || raw[0] != 4 {
		return nil, fmt.Errorf("not a cosignature key")
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), raw...))
	v := &cosignatureVerifier{parts[0], binary.BigEndian.Uint32(sum[:]), raw[1:]}
	if fmt.Sprintf("%08x", v.hash) != parts[1] {
		return nil, fmt.Errorf("key id does not match")
	}
	return v, nil
}

func (v *cosignatureVerifier) Name() string    { return v.name }
func (v *cosignatureVerifier) KeyHash() uint32 { return v.hash }

func (v *cosignatureVerifier) Verify(text, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	header := fmt.Sprintf("cosignature/v1\ntime %d\n", binary.BigEndian.Uint64(sig))
	return ed25519.Verify(v.key, append([]byte(header), text...), sig[8:])
}
