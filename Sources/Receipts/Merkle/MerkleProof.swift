/// Proofs about Merkle trees, checked by RFC 9162 sections 2.1.3.2 and 2.1.4.2.
package enum MerkleProof {
    /// Whether a proof shows that a leaf stands at a place of the tree with this root.
    package static func verifyInclusion(
        of leaf: MerkleHash, at index: Int, treeSize: Int, root: MerkleHash, proof: [MerkleHash]
    ) -> Bool {
        guard index >= 0, index < treeSize else { return false }
        var place = index
        var last = treeSize - 1
        var hash = leaf
        for sibling in proof {
            guard last != 0 else { return false }
            if !place.isMultiple(of: 2) || place == last {
                hash = .node(sibling, hash)
                while place.isMultiple(of: 2), place != 0 {
                    place >>= 1
                    last >>= 1
                }
            } else {
                hash = .node(hash, sibling)
            }
            place >>= 1
            last >>= 1
        }
        return last == 0 && hash == root
    }

    /// Whether a proof shows that the tree with the second root begins with all of the tree with the first one.
    ///
    /// From a tree to itself the proof is empty and the roots are equal. From the empty tree nothing can be shown, since
    /// every tree begins with it: size 0 is refused, as transparency-dev's verifiers do (section 2.1.4 defines no such
    /// proof).
    package static func verifyConsistency(
        from first: Int, to second: Int, firstRoot: MerkleHash, secondRoot: MerkleHash, proof: [MerkleHash]
    ) -> Bool {
        guard first > 0, first <= second else { return false }
        if first == second { return proof.isEmpty && firstRoot == secondRoot }
        var path = proof[...]
        // A power of two: the first tree's root is a node of the second, and is left out of the proof.
        guard let start = first & (first - 1) == 0 ? firstRoot : path.popFirst(), !path.isEmpty else { return false }
        var place = first - 1
        var last = second - 1
        while !place.isMultiple(of: 2) {
            place >>= 1
            last >>= 1
        }
        var (firstHash, secondHash) = (start, start)
        for sibling in path {
            guard last != 0 else { return false }
            if !place.isMultiple(of: 2) || place == last {
                firstHash = .node(sibling, firstHash)
                secondHash = .node(sibling, secondHash)
                while place.isMultiple(of: 2), place != 0 {
                    place >>= 1
                    last >>= 1
                }
            } else {
                secondHash = .node(secondHash, sibling)
            }
            place >>= 1
            last >>= 1
        }
        return last == 0 && firstHash == firstRoot && secondHash == secondRoot
    }
}
