/// Up to 256 hashes of one level of the tree, side by side (C2SP tlog-tiles).
///
/// Tile level L holds the tree's nodes of level 8 L: level 0 the hashes of leaves, level 1 the roots of full tiles of
/// level 0, and so on.
package struct Tile: Sendable, Hashable {
    /// Levels of the tree that a tile spans.
    package static let height = 8
    /// Hashes of a full tile.
    package static let width = 256

    package var level: Int
    package var index: Int
    package var hashes: [MerkleHash]

    package init(level: Int, index: Int, hashes: [MerkleHash]) {
        self.level = level
        self.index = index
        self.hashes = hashes
    }

    package var isFull: Bool { hashes.count == Self.width }

    /// How many hashes the last, unfinished tile of a level has.
    package static func edgeWidth(level: Int, treeSize: Int) -> Int {
        let shift = height * level
        return shift >= Int.bitWidth ? 0 : (treeSize >> shift) % width
    }

    /// How many hashes a tile has in a tree of this size: 0 where it is not there.
    package static func hashes(level: Int, index: Int, treeSize: Int) -> Int {
        let shift = height * level
        guard level >= 0, index >= 0, shift < Int.bitWidth, index < Int.max / width else { return 0 }
        return max(0, min(width, (treeSize >> shift) - index * width))
    }

    /// How many levels of tiles a tree of this size has.
    package static func levels(treeSize: Int) -> Int {
        var levels = 0
        while levels * height < Int.bitWidth, treeSize >> (levels * height) > 0 { levels += 1 }
        return levels
    }

    /// The root of the perfect subtree over a power of two of hashes.
    package static func root(of hashes: ArraySlice<MerkleHash>) -> MerkleHash {
        var row = Array(hashes)
        while row.count > 1 {
            for index in 0..<row.count / 2 { row[index] = .node(row[2 * index], row[2 * index + 1]) }
            row.removeLast(row.count / 2)
        }
        return row.first ?? .emptyRoot
    }
}

// MARK: - Paths

/// What a tile's path names: `<level>/<index>[.p/<width>]`, the index in groups of three digits, all but the last with
/// an `x` in front (C2SP tlog-tiles).
package struct TilePath: Sendable, Hashable, CustomStringConvertible {
    package enum Kind: Sendable, Hashable {
        case hashes(level: Int)
        /// The leaves themselves.
        case entries
    }

    package var kind: Kind
    package var index: Int
    /// 1 to 256.
    package var width: Int

    package init(_ kind: Kind, index: Int, width: Int = Tile.width) {
        self.kind = kind
        self.index = index
        self.width = width
    }

    /// Reads a path behind `tile/`; nil for one that is not written as ``description`` writes it.
    package init?(_ text: String) {
        var parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 2 else { return nil }
        let kind: Kind
        if parts[0] == "entries" {
            kind = .entries
        } else {
            guard let level = Int(parts[0]), (0...63).contains(level) else { return nil }
            kind = .hashes(level: level)
        }
        var width = Tile.width
        if parts.count >= 3, parts[parts.count - 2].hasSuffix(".p") {
            guard let number = Int(parts.removeLast()), (1..<Tile.width).contains(number) else { return nil }
            width = number
            parts[parts.count - 1].removeLast(2)
        }
        var index = 0
        for part in parts.dropFirst() {
            let digits = part.first == "x" ? part.dropFirst() : part
            guard digits.utf8.count == 3, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = Int(digits), index < 1 << 50
            else { return nil }
            index = index * 1000 + number
        }
        self.init(kind, index: index, width: width)
        guard description == text else { return nil }
    }

    package var description: String {
        var text =
            switch kind {
            case .hashes(let level): "\(level)"
            case .entries: "entries"
            }
        var groups = [String(index % 1000)]
        var rest = index / 1000
        while rest > 0 {
            groups.append(String(rest % 1000))
            rest /= 1000
        }
        for (place, group) in groups.enumerated().reversed() {
            text += (place == 0 ? "/" : "/x") + String(repeating: "0", count: 3 - group.count) + group
        }
        return width == Tile.width ? text : text + ".p/\(width)"
    }
}
