import OrchCore
import OrchReceipts

/// The tree of RFC 6962 section 2.1 word for word: what the quick one is compared with.
///
/// Nothing of it is the code under test but SHA-256. Hashes of perfect subtrees are kept, so that large trees can be
/// asked many things.
struct NaiveTree {
    let leaves: [MerkleHash]
    private var perfect: [Range<Int>: MerkleHash] = [:]

    init(_ leaves: [MerkleHash]) {
        self.leaves = leaves
    }

    /// MTH(D[range]) of section 2.1.
    mutating func root(_ range: Range<Int>) -> MerkleHash {
        if range.isEmpty { return .sha256([]) }
        if range.count == 1 { return leaves[range.lowerBound] }
        if let known = perfect[range] { return known }
        let middle = range.lowerBound + Self.split(range.count)
        let left = root(range.lowerBound..<middle).bytes
        let hash = MerkleHash.sha256(of: [0x01], left, root(middle..<range.upperBound).bytes)
        if Self.split(range.count) * 2 == range.count { perfect[range] = hash }
        return hash
    }

    mutating func root(size: Int) -> MerkleHash { root(0..<size) }

    /// PATH(m, D[range]) of section 2.1.1.
    mutating func path(_ index: Int, _ range: Range<Int>) -> [MerkleHash] {
        if range.count == 1 { return [] }
        let split = Self.split(range.count)
        let middle = range.lowerBound + split
        return index < split
            ? path(index, range.lowerBound..<middle) + [root(middle..<range.upperBound)]
            : path(index - split, middle..<range.upperBound) + [root(range.lowerBound..<middle)]
    }

    /// PROOF(m, D[0:size]) of section 2.1.2.
    mutating func proof(_ first: Int, size: Int) -> [MerkleHash] { subproof(first, 0..<size, true) }

    private mutating func subproof(_ first: Int, _ range: Range<Int>, _ isWhole: Bool) -> [MerkleHash] {
        if first == range.count { return isWhole ? [] : [root(range)] }
        let split = Self.split(range.count)
        let middle = range.lowerBound + split
        return first <= split
            ? subproof(first, range.lowerBound..<middle, isWhole) + [root(middle..<range.upperBound)]
            : subproof(first - split, middle..<range.upperBound, false) + [root(range.lowerBound..<middle)]
    }

    /// The largest power of two smaller than a number.
    private static func split(_ count: Int) -> Int {
        var split = 1
        while split * 2 < count { split *= 2 }
        return split
    }
}
