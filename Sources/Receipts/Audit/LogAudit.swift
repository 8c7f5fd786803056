/// Checks a stored log from its first leaf to its last: what the signed checkpoints say is held against all that is
/// stored.
///
/// The log is read tile by tile, so that memory does not grow with it. Where two stored things contradict each other, a
/// third decides which of them was changed, so that nothing untouched is blamed.
package struct LogAudit {
    /// Told how many leaves of how many are done.
    package typealias Progress = (_ done: Int, _ total: Int) -> Void

    private let store: any AuditStore
    /// A checkpoint from outside.
    private let since: SignedCheckpoint?
    private var report = AuditReport()
    private var keys: AuditKeys
    private var contents: ContentAudit
    private var tree = MerkleTree()
    /// Hashes are missing that nothing stored can replace: roots say nothing from here on.
    private var isIncomplete = false
    /// The size of the last checkpoint whose tree is the one that is stored.
    private var lastGoodSize = 0
    /// The size of the first checkpoint that signs another tree than the one that is stored.
    private var firstOtherSize: Int?
    /// Hashes of level 1 and above that are not those of what lies below them.
    private var otherTiles: [Tile] = []

    /// Checks everything.
    ///
    /// - Parameters:
    ///   - key: A key from outside; nil to trust those that the store names.
    ///   - since: A checkpoint from outside.
    package static func run(
        _ store: any AuditStore, key: VerifierKey? = nil, since: SignedCheckpoint? = nil,
        progress: Progress = { _, _ in }
    ) throws -> AuditReport {
        var audit = try LogAudit(store, key, since)
        try audit.run(progress)
        return audit.report
    }

    private init(_ store: any AuditStore, _ key: VerifierKey?, _ since: SignedCheckpoint?) throws {
        self.store = store
        self.since = since
        keys = try AuditKeys(store, outside: key)
        contents = ContentAudit(store)
    }

    private mutating func run(_ progress: Progress) throws {
        report.add(keys.findings)
        let size = try readHead()
        for first in stride(from: 0, to: size, by: Tile.width) {
            let end = min(first + Tile.width, size)
            try check(tile: first / Tile.width, first..<end)
            progress(end, size)
        }
        for tile in tree.unfinishedTiles { try compare(tile) }
        report.add(keys.checkpointFindings)
        reportOtherTree()
        report.add(contents.unexplainedRetirements())
        report.verified = contents.verified
        report.retired = contents.retired
        report.open = try store.openTraces()
        report.add(try store.strangers(treeSize: size))
        judgeAnchor()
    }

    /// The size that the newest checkpoint says the log has.
    private mutating func readHead() throws -> Int {
        guard let newest = try store.newestCheckpoint() else {
            report.add(.init(.checkpoint, "there is no checkpoint: the log was never started, or all were deleted"))
            return 0
        }
        report.checkpoint = keys.read(newest)
        report.treeSize = max(0, newest.size)
        return report.treeSize
    }

    // MARK: One tile

    private mutating func check(tile index: Int, _ range: Range<Int>) throws {
        var leaves = [StoredLeaf?](repeating: nil, count: range.count)
        for row in try store.leaves(range) { leaves[row.index - range.lowerBound] = row }
        let actual = leaves.map { $0.map { MerkleHash.leaf($0.bytes) } }
        let stored = try store.hashes(level: 0, index: index, width: range.count)
        let signed = try choose(actual, stored, index, range)
        if stored != signed, !isIncomplete {
            let path = TilePath(.hashes(level: 0), index: index, width: range.count)
            report.add(
                .init(.tile, "tile \(path) was changed: its hashes are not those of the leaves that were signed"))
        }
        reportMissing(leaves, range)
        for (offset, leaf) in leaves.enumerated() {
            guard let leaf else { continue }
            if actual[offset] == signed[offset] {
                report.add(try contents.check(leaf))
            } else {
                report.add(
                    .init(
                        .leaf, leafIndex: leaf.index, traceID: String(decoding: leaf.traceID, as: UTF8.self),
                        "leaf \(leaf.index) is not the one that was signed"))
            }
        }
        try append(signed, range)
    }

    /// The tile's hashes as they were signed: those of the leaves or those that are stored, whichever the hash above
    /// them, or the newest checkpoint, speaks for.
    private mutating func choose(
        _ actual: [MerkleHash?], _ stored: [MerkleHash], _ index: Int, _ range: Range<Int>
    ) throws -> [MerkleHash] {
        let leaves = actual.compactMap(\.self)
        switch (leaves.count == range.count, stored.count == range.count) {
        case (true, true) where leaves == stored: return leaves
        case (true, true): return try speaksFor(leaves, index, range) ? leaves : stored
        case (true, false): return leaves
        case (false, true): return stored
        case (false, false):
            isIncomplete = true
            return actual.enumerated().map { $1 ?? ($0 < stored.count ? stored[$0] : .emptyRoot) }
        }
    }

    private func speaksFor(_ hashes: [MerkleHash], _ index: Int, _ range: Range<Int>) throws -> Bool {
        if range.count == Tile.width {
            let width = index % Tile.width + 1
            let above = try store.hashes(level: 1, index: index / Tile.width, width: width)
            return above.count == width && above.last == Tile.root(of: hashes[...])
        }
        var whole = tree
        for hash in hashes { whole.append(hash) }
        return whole.root == report.checkpoint?.checkpoint.root
    }

    /// Names leaves that are missing, a whole stretch at a time.
    private mutating func reportMissing(_ leaves: [StoredLeaf?], _ range: Range<Int>) {
        var rest = range
        while let first = rest.first(where: { leaves[$0 - range.lowerBound] == nil }) {
            let end = (first..<range.upperBound).first { leaves[$0 - range.lowerBound] != nil } ?? range.upperBound
            let names = end - first == 1 ? "leaf \(first) is missing" : "leaves \(first) to \(end - 1) are missing"
            report.add(.init(.leaf, leafIndex: first, names))
            rest = end..<range.upperBound
        }
    }

    // MARK: The tree

    private mutating func append(_ hashes: [MerkleHash], _ range: Range<Int>) throws {
        var checkpoints = try store.checkpoints(after: range.lowerBound, through: range.upperBound)[...]
        for hash in hashes {
            tree.append(hash)
            while let next = checkpoints.first, next.size <= tree.size {
                checkpoints.removeFirst()
                check(next)
            }
            if let since, since.checkpoint.size == tree.size { compare(since) }
        }
        for tile in tree.takeTiles() where tile.level > 0 && tile.isFull { try compare(tile) }
    }

    private mutating func check(_ stored: StoredCheckpoint) {
        // The newest one was read at the beginning.
        guard let signed = stored.size == report.treeSize ? report.checkpoint : keys.read(stored) else { return }
        if signed.checkpoint.root == tree.root {
            lastGoodSize = stored.size
        } else if firstOtherSize == nil {
            firstOtherSize = stored.size
        }
    }

    private mutating func compare(_ tile: Tile) throws {
        guard !isIncomplete else { return }
        let stored = try store.hashes(level: tile.level, index: tile.index, width: tile.hashes.count)
        if stored != tile.hashes { otherTiles.append(Tile(level: tile.level, index: tile.index, hashes: stored)) }
    }

    /// Says what is wrong where the leaves and their tiles agree with each other, and not with what was signed over them.
    private mutating func reportOtherTree() {
        guard !isIncomplete else { return }
        if let size = firstOtherSize {
            let stretch = lastGoodSize < size ? lastGoodSize..<size : 0..<size
            report.add(
                .init(
                    .leaf, leafIndex: stretch.lowerBound,
                    "the checkpoint of size \(size) signs another tree: of the leaves \(stretch.lowerBound) to "
                        + "\(stretch.upperBound - 1) at least one was changed, and its tile with it"))
            return
        }
        for tile in otherTiles {
            let path = TilePath(.hashes(level: tile.level), index: tile.index)
            report.add(.init(.tile, "tile \(path) was changed: its hashes are not those of the tiles below it"))
        }
    }

    // MARK: The anchor

    private mutating func compare(_ since: SignedCheckpoint) {
        let size = since.checkpoint.size
        report.anchor = since.checkpoint.root == tree.root ? .extends(size) : .contradicts(size)
    }

    private mutating func judgeAnchor() {
        guard let since else { return }
        let size = since.checkpoint.size
        guard keys.haveSigned(since) else {
            report.anchor = .contradicts(size)
            report.add(.init(.checkpoint, "the checkpoint given, of size \(size), is not signed by a key of this log"))
            return
        }
        if size > report.treeSize {
            report.anchor = .contradicts(size)
            report.add(
                .init(
                    .checkpoint, leafIndex: report.treeSize,
                    "the log was rolled back: it has \(report.treeSize) leaves, and the checkpoint given has \(size)"))
        } else if size == 0 {
            report.anchor = .extends(0)
        } else if case .contradicts = report.anchor {
            report.add(
                .init(
                    .checkpoint, leafIndex: 0,
                    "the log does not go on from the checkpoint given: one of its first \(size) leaves was changed, and "
                        + "everything over it signed anew"))
        }
    }
}
