// Command verify judges checkpoints and proofs with the Go project's own packages, for the tests to compare with.
//
// Each line of standard input is a case, each line of standard output its answer: {"ok":true,"error":""}.
//
//	{"kind":"checkpoint","note":"…","vkey":"…"}
//	{"kind":"inclusion","proof":"<tlog-proof file>","leaf":"<base 64>","vkey":"…"}
//	{"kind":"consistency","from":3,"to":8,"from_root":"<hex>","to_root":"<hex>","proof":["<hex>"]}
//
// Built with Debian's golang-golang-x-mod-dev: GO111MODULE=off GOPATH=/usr/share/gocode go build verify.go
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type testCase struct {
	Kind     string   `json:"kind"`
	Vkey     string   `json:"vkey"`
	Note     string   `json:"note"`
	Leaf     string   `json:"leaf"`
	From     int64    `json:"from"`
	To       int64    `json:"to"`
	FromRoot string   `json:"from_root"`
	ToRoot   string   `json:"to_root"`
	Proof    proofArg `json:"proof"`
}

// proofArg is a proof file's text, or a list of hashes.
type proofArg struct {
	file   string
	hashes []string
}

func (p *proofArg) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, &p.file)
	}
	return json.Unmarshal(data, &p.hashes)
}

type answer struct {
	OK    bool   `json:"ok"`
	Error string `json:"error"`
}

// The same few keys come again and again.
var verifiers = map[string]note.Verifier{}

func verifier(vkey string) (note.Verifier, error) {
	if known, ok := verifiers[vkey]; ok {
		return known, nil
	}
	made, err := note.NewVerifier(vkey)
	if err == nil {
		verifiers[vkey] = made
	}
	return made, err
}

func checkpoint(text, vkey string) (tlog.Tree, error) {
	var tree tlog.Tree
	key, err := verifier(vkey)
	if err != nil {
		return tree, err
	}
	signed, err := note.Open([]byte(text), note.VerifierList(key))
	if err != nil {
		return tree, err
	}
	lines := strings.Split(signed.Text, "\n")
	if len(lines) < 4 || lines[0] != key.Name() {
		return tree, fmt.Errorf("the checkpoint is of %q", lines[0])
	}
	tree.N, err = decimal(lines[1])
	if err != nil {
		return tree, err
	}
	tree.Hash, err = base64Hash(lines[2])
	return tree, err
}

func inclusion(file, leaf, vkey string) error {
	record, err := base64.StdEncoding.DecodeString(leaf)
	if err != nil {
		return err
	}
	head, text, found := strings.Cut(file, "\n\n")
	lines := strings.Split(head, "\n")
	if !found || len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "index ") {
		return fmt.Errorf("malformed proof file")
	}
	index, err := decimal(strings.TrimPrefix(lines[1], "index "))
	if err != nil {
		return err
	}
	var proof tlog.RecordProof
	for _, line := range lines[2:] {
		hash, err := base64Hash(line)
		if err != nil {
			return err
		}
		proof = append(proof, hash)
	}
	tree, err := checkpoint(text, vkey)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(record))
}

func consistency(c testCase) error {
	from, err := hexHash(c.FromRoot)
	if err != nil {
		return err
	}
	to, err := hexHash(c.ToRoot)
	if err != nil {
		return err
	}
	var proof tlog.TreeProof
	for _, text := range c.Proof.hashes {
		hash, err := hexHash(text)
		if err != nil {
			return err
		}
		proof = append(proof, hash)
	}
	return tlog.CheckTree(proof, c.To, to, c.From, from)
}

func decimal(text string) (int64, error) {
	number, err := strconv.ParseInt(text, 10, 64)
	if err != nil || number < 0 || strconv.FormatInt(number, 10) != text {
		return 0, fmt.Errorf("malformed number %q", text)
	}
	return number, nil
}

func base64Hash(text string) (tlog.Hash, error) {
	bytes, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || len(text) != 44 || len(bytes) != tlog.HashSize {
		return tlog.Hash{}, fmt.Errorf("malformed hash %q", text)
	}
	return *(*tlog.Hash)(bytes), nil
}

func hexHash(text string) (tlog.Hash, error) {
	bytes, err := hex.DecodeString(text)
	if err != nil || len(bytes) != tlog.HashSize {
		return tlog.Hash{}, fmt.Errorf("malformed hash %q", text)
	}
	return *(*tlog.Hash)(bytes), nil
}

func judge(line []byte) error {
	var c testCase
	if err := json.Unmarshal(line, &c); err != nil {
		return err
	}
	switch c.Kind {
	case "checkpoint":
		_, err := checkpoint(c.Note, c.Vkey)
		return err
	case "inclusion":
		return inclusion(c.Proof.file, c.Leaf, c.Vkey)
	case "consistency":
		return consistency(c)
	}
	return fmt.Errorf("unknown kind %q", c.Kind)
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	out := bufio.NewWriter(os.Stdout)
	answers := json.NewEncoder(out)
	for lines.Scan() {
		result := answer{OK: true}
		if err := judge(lines.Bytes()); err != nil {
			result = answer{Error: err.Error()}
		}
		if err := answers.Encode(result); err != nil {
			os.Exit(1)
		}
	}
	if lines.Err() != nil || out.Flush() != nil {
		os.Exit(1)
	}
}
