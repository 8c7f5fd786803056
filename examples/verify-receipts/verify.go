// Command verify checks a receipt with nothing of the server that made it: that a leaf is in the log of a key, and that
// the log has only been added to since a checkpoint that you kept.
//
//	verify -key VKEY -proof FILE -leaf FILE [-since OLD_CHECKPOINT -consistency FILE]
//
// See docs/verify-receipts.md for where the files come from.
package main

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// checkpoint reads a tree head that the key has signed for the log of its own name.
func checkpoint(text []byte, key note.Verifier) (tlog.Tree, error) {
	signed, err := note.Open(text, note.VerifierList(key))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(signed.Text, "\n")
	if len(lines) < 4 || lines[0] != key.Name() {
		return tlog.Tree{}, errors.New("the checkpoint is of another log")
	}
	size, err := decimal(lines[1])
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := hash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

// parseProof splits a tlog-proof file into the leaf's index, its proof, and the checkpoint's text.
func parseProof(file string) (index int64, proof tlog.RecordProof, checkpoint string, err error) {
	head, checkpoint, found := strings.Cut(file, "\n\n")
	lines := strings.Split(head, "\n")
	if !found || len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "index ") {
		return 0, nil, "", errors.New("this is no tlog-proof file")
	}
	if index, err = decimal(strings.TrimPrefix(lines[1], "index ")); err != nil {
		return 0, nil, "", err
	}
	for _, line := range lines[2:] {
		sibling, err := hash(line)
		if err != nil {
			return 0, nil, "", err
		}
		proof = append(proof, sibling)
	}
	return index, proof, checkpoint, nil
}

func decimal(text string) (int64, error) {
	number, err := strconv.ParseInt(text, 10, 64)
	if err != nil || number < 0 || strconv.FormatInt(number, 10) != text {
		return 0, fmt.Errorf("%q is not a plain number", text)
	}
	return number, nil
}

func hash(text string) (tlog.Hash, error) {
	bytes, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || len(text) != 44 || len(bytes) != tlog.HashSize {
		return tlog.Hash{}, fmt.Errorf("%q is no hash in base 64", text)
	}
	return *(*tlog.Hash)(bytes), nil
}

func verify(vkey, proofFile, leafFile, since, consistencyFile string) error {
	key, err := note.NewVerifier(vkey)
	if err != nil {
		return err
	}
	file, err := os.ReadFile(proofFile)
	if err != nil {
		return err
	}
	leaf, err := os.ReadFile(leafFile)
	if err != nil {
		return err
	}
	index, proof, text, err := parseProof(string(file))
	if err != nil {
		return err
	}
	tree, err := checkpoint([]byte(text), key)
	if err != nil {
		return err
	}
	if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(leaf)); err != nil {
		return err
	}
	fmt.Printf("the leaf is number %d of the %d of %s\n", index, tree.N, key.Name())
	if since == "" {
		return nil
	}
	return verifySince(key, tree, since, consistencyFile)
}

// verifySince shows that an older tree is the beginning of this one. The roots come from signed checkpoints alone.
func verifySince(key note.Verifier, tree tlog.Tree, since, consistencyFile string) error {
	text, err := os.ReadFile(since)
	if err != nil {
		return err
	}
	old, err := checkpoint(text, key)
	if err != nil {
		return err
	}
	data, err := os.ReadFile(consistencyFile)
	if err != nil {
		return err
	}
	var consistency struct {
		Proof []string `json:"proof"`
	}
	if err := json.Unmarshal(data, &consistency); err != nil {
		return err
	}
	var proof tlog.TreeProof
	for _, text := range consistency.Proof {
		bytes, err := hex.DecodeString(text)
		if err != nil || len(bytes) != tlog.HashSize {
			return fmt.Errorf("%q is no hash in base 16", text)
		}
		proof = append(proof, *(*tlog.Hash)(bytes))
	}
	if err := tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash); err != nil {
		return err
	}
	fmt.Printf("the log has only been added to since it had %d leaves\n", old.N)
	return nil
}

func main() {
	key := flag.String("key", "", "the log's verifier key: name+hash+base64; not from the log itself")
	proof := flag.String("proof", "", "`file` with the tlog-proof")
	leaf := flag.String("leaf", "", "`file` with the leaf's bytes")
	since := flag.String("since", "", "`file` with a checkpoint that you kept")
	consistency := flag.String("consistency", "", "`file` with the consistency proof from it")
	flag.Parse()
	if *key == "" || *proof == "" || *leaf == "" || flag.NArg() > 0 || (*since == "") != (*consistency == "") {
		flag.Usage()
		os.Exit(2)
	}
	if err := verify(*key, *proof, *leaf, *since, *consistency); err != nil {
		fmt.Fprintln(os.Stderr, "NOT VERIFIED:", err)
		os.Exit(1)
	}
}
