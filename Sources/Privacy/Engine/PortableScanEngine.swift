import OrchCore

/// The engine that needs nothing: an Aho-Corasick automaton over classes of bytes.
package struct PortableScanEngine: ScanEngine {
    package let name = "portable"

    package init() {}

    package func scanner(for literals: [[UInt8]]) throws(ScanEngineError) -> any LiteralScanner {
        LiteralAutomaton(literals)
    }
}

/// A table-driven Aho-Corasick automaton: one look-up a byte, whatever the text.
///
/// States that end a literal are numbered last, so that one comparison tells whether a byte completes anything.
struct LiteralAutomaton: LiteralScanner {
    /// Each byte's class; bytes that no literal has share class 0.
    private let classes: [UInt8]
    /// Rows of `classCount` next states, each already multiplied by `classCount`.
    private let transitions: [UInt32]
    private let classCount: Int
    /// The first row that ends a literal.
    private let firstFinal: UInt32
    /// For each final state, where its literals begin in `finals`; one more at the end.
    private let finalStarts: [UInt32]
    private let finals: [UInt32]

    init(_ literals: [[UInt8]]) {
        var classes = [UInt8](repeating: 0, count: 256)
        var classCount = 1
        for byte in literals.joined() where classes[Int(byte)] == 0 {
            classes[Int(byte)] = UInt8(classCount)
            if (0x61...0x7A).contains(byte) { classes[Int(byte) - 0x20] = UInt8(classCount) }
            classCount += 1
        }
        var trie = Trie(classCount: classCount)
        for (index, literal) in literals.enumerated() {
            trie.insert(literal.map { Int(classes[Int($0)]) }, as: UInt32(index))
        }
        trie.close()

        // Plain states first, final ones behind.
        let order =
            trie.outputs.indices.filter { trie.outputs[$0].isEmpty }
            + trie.outputs.indices.filter { !trie.outputs[$0].isEmpty }
        var places = [Int](repeating: 0, count: order.count)
        for (place, state) in order.enumerated() { places[state] = place }
        var transitions: [UInt32] = []
        var finalStarts: [UInt32] = []
        var finals: [UInt32] = []
        for state in order {
            transitions += trie.rows[state].map { UInt32(places[$0] * classCount) }
            guard !trie.outputs[state].isEmpty else { continue }
            finalStarts.append(UInt32(finals.count))
            finals += trie.outputs[state].sorted()
        }
        firstFinal = UInt32((order.count - finalStarts.count) * classCount)
        finalStarts.append(UInt32(finals.count))
        self.classes = classes
        self.transitions = transitions
        self.classCount = classCount
        self.finalStarts = finalStarts
        self.finals = finals
    }

    func scan(_ bytes: UnsafeRawBufferPointer, into hits: inout [LiteralHit]) {
        classes.withUnsafeBufferPointer { classes in
            transitions.withUnsafeBufferPointer { transitions in
                var state: UInt32 = 0
                for index in 0..<bytes.count {
                    state = transitions[Int(state) &+ Int(classes[Int(bytes[index])])]
                    if state >= firstFinal { report(state, index &+ 1, &hits) }
                }
            }
        }
    }

    @inline(never)
    private func report(_ state: UInt32, _ end: Int, _ hits: inout [LiteralHit]) {
        let place = Int(state - firstFinal) / classCount
        for index in Int(finalStarts[place])..<Int(finalStarts[place + 1]) {
            hits.append(LiteralHit(literal: finals[index], end: UInt32(truncatingIfNeeded: end)))
        }
    }
}

/// The automaton while it is built.
private struct Trie {
    var rows: [[Int]]
    var outputs: [[UInt32]] = [[]]
    private let classCount: Int
    private static let none = -1

    init(classCount: Int) {
        self.classCount = classCount
        rows = [[Int](repeating: Trie.none, count: classCount)]
    }

    mutating func insert(_ literal: [Int], as index: UInt32) {
        var state = 0
        for byteClass in literal {
            if rows[state][byteClass] == Trie.none {
                rows[state][byteClass] = rows.count
                rows.append([Int](repeating: Trie.none, count: classCount))
                outputs.append([])
            }
            state = rows[state][byteClass]
        }
        outputs[state].append(index)
    }

    /// Puts in the transitions by which the automaton falls back, level by level.
    mutating func close() {
        var fallbacks = [Int](repeating: 0, count: rows.count)
        var queue: [Int] = []
        for byteClass in 0..<classCount {
            let next = rows[0][byteClass]
            if next == Trie.none { rows[0][byteClass] = 0 } else { queue.append(next) }
        }
        var place = 0
        while place < queue.count {
            let state = queue[place]
            place += 1
            outputs[state] += outputs[fallbacks[state]]
            for byteClass in 0..<classCount {
                let next = rows[state][byteClass]
                let fallback = rows[fallbacks[state]][byteClass]
                if next == Trie.none {
                    rows[state][byteClass] = fallback
                } else {
                    fallbacks[next] = fallback
                    queue.append(next)
                }
            }
        }
    }
}
