import OrchCore
import OrchReceipts
import Testing

@Suite("Tiles")
struct TileTests {
    @Test("Are counted as in the specification's example of 70,000 leaves")
    func example() {
        func widths(_ level: Int) -> [Int] {
            var widths: [Int] = []
            while case let width = Tile.hashes(level: level, index: widths.count, treeSize: 70_000), width > 0 {
                widths.append(width)
            }
            return widths
        }
        #expect(widths(0) == Array(repeating: 256, count: 273) + [112])
        #expect(widths(1) == [256, 17] && widths(2) == [1] && widths(3) == [])
        #expect((0...3).map { Tile.edgeWidth(level: $0, treeSize: 70_000) } == [112, 17, 1, 0])
        #expect(Tile.levels(treeSize: 70_000) == 3)
        #expect((0...1).map { Tile.hashes(level: $0, index: 0, treeSize: 256) } == [256, 1])
    }

    @Test("Have as many levels as it takes", arguments: [(0, 0), (1, 1), (255, 1), (256, 2), (65_535, 2), (65_536, 3)])
    func levels(_ size: Int, _ levels: Int) {
        #expect(Tile.levels(treeSize: size) == levels)
    }

    @Test("Are not there at places that no tree has")
    func nowhere() {
        for (level, index) in [(-1, 0), (0, -1), (8, 0), (63, 0), (.max / 8, 0), (0, .max), (0, 391), (1, 2), (3, 0)] {
            #expect(Tile.hashes(level: level, index: index, treeSize: 100_000) == 0, "\(level), \(index)")
        }
        #expect(Tile.hashes(level: 7, index: 0, treeSize: .max) == 127)
        #expect(Tile.levels(treeSize: .max) == 8)
        #expect(Tile.edgeWidth(level: 8, treeSize: .max) == 0)
        #expect(Tile.edgeWidth(level: 7, treeSize: .max) == 127)
    }

    @Test("Are full with 256 hashes")
    func full() {
        let hashes = [MerkleHash](repeating: .emptyRoot, count: 256)
        #expect(Tile(level: 0, index: 0, hashes: hashes).isFull)
        #expect(!Tile(level: 0, index: 0, hashes: Array(hashes.dropLast())).isFull)
        #expect(hashes.joinedBytes.count == 8192)
    }

    @Test("Have the roots of the perfect trees over their hashes", arguments: [1, 2, 4, 8, 256])
    func roots(_ count: Int) {
        let hashes = MemoryLog.large.leaves[..<count]
        var naive = NaiveTree(MemoryLog.large.leaves)
        #expect(Tile.root(of: hashes) == naive.root(size: count))
        #expect(Tile.root(of: MemoryLog.large.leaves[count..<2 * count]) == naive.root(count..<2 * count))
        #expect(Tile.root(of: []) == .emptyRoot)
    }
}

@Suite("Paths of tiles")
struct TilePathTests {
    static let paths: [(String, TilePath)] = [
        ("0/000", TilePath(.hashes(level: 0), index: 0)),
        ("0/001", TilePath(.hashes(level: 0), index: 1)),
        ("0/x001/x234/067", TilePath(.hashes(level: 0), index: 1_234_067)),
        ("1/x273/112.p/8", TilePath(.hashes(level: 1), index: 273_112, width: 8)),
        ("2/x001/000", TilePath(.hashes(level: 2), index: 1000)),
        ("2/999", TilePath(.hashes(level: 2), index: 999)),
        ("63/000.p/255", TilePath(.hashes(level: 63), index: 0, width: 255)),
        ("0/x001/x234/067.p/1", TilePath(.hashes(level: 0), index: 1_234_067, width: 1)),
        ("entries/000", TilePath(.entries, index: 0)),
        ("entries/x001/x234/067", TilePath(.entries, index: 1_234_067)),
        ("entries/x123/456.p/44", TilePath(.entries, index: 123_456, width: 44)),
    ]

    @Test("Are written and read as C2SP tlog-tiles has them", arguments: paths)
    func samples(_ text: String, _ path: TilePath) {
        #expect(path.description == text)
        #expect(TilePath(text) == path)
    }

    @Test("Read back whatever they name")
    func roundTrips() {
        for index in [0, 7, 999, 1000, 1001, 999_999, 1_000_000, 123_456_789_012, 1 << 50] {
            for width in [1, 128, 255, 256] {
                for kind in [TilePath.Kind.entries, .hashes(level: 0), .hashes(level: 63)] {
                    let path = TilePath(kind, index: index, width: width)
                    #expect(TilePath(path.description) == path, "\(path)")
                }
            }
        }
    }

    static let refused: [String] = [
        "", "/", "0", "0/", "/000", "entries", "entries/", "0/0", "0/00", "0/0000", "0/x000", "0/x000/001", "0/x001",
        "0/001/002", "0/x01/002", "0/x0001/002", "0/x001/x002", "0/x001/02", "0/xx01/002", "0/X001/002",
        "00/000", "+0/000", "-1/000", "64/000", "0x0/000", " 0/000", "0 /000", "a/000", "entry/000", "ENTRIES/000",
        "0/000.p", "0/000.p/", "0/000.p/0", "0/000.p/256", "0/000.p/257", "0/000.p/-1", "0/000.p/+1", "0/000.p/01",
        "0/000.p/1/", "0/000.p/1/2", "0/000.P/1", "0/000p/1", "0/000.p.p/1", "0/.p/1", "0.p/1", "0/000/1",
        "0/000/", "/0/000", "0//000", "0/000\n", "0/000 ", "0/00a", "0/0.0", "0/+01", "0/-01", "0/-99", "0/x-01/000",
        "0/x001/-01", "0/x001/+01", "0/٠٠٠", "0/000.p/٣", "tile/0/000", "0/../000",
        "0/x999/x999/x999/x999/x999/x999/x999/999", "99999999999999999999/000",
    ]

    @Test("Are read in this one form alone", arguments: refused)
    func refuses(_ text: String) {
        #expect(TilePath(text) == nil)
    }
}
