/// The tokens that stand beside the merges: special ones, which a text never holds, and others that are taken out of a
/// text, as they stand, before it is cut into pieces.
struct AddedTokens: Sendable {
    /// A token that is looked for.
    struct Token: Sendable {
        var bytes: [UInt8]
        var id: Int
        /// Never becomes the token: it stays text.
        var isSpecial: Bool
        /// Looked for after the normaliser, in what the first search left (Hugging Face).
        var isNormalized: Bool
    }

    /// A stretch of a text that is one token.
    struct Cut: Sendable, Equatable {
        var start: Int
        var end: Int
        var id: Int
    }

    private enum Search: Sendable {
        /// The leftmost, of these the longest (Hugging Face): what the normaliser does not touch, and the rest.
        case leftmostLongest(raw: ByteTrie, normalized: ByteTrie)
        /// One token after another, the longest first, each from left to right (llama.cpp).
        case oneByOne([Token])
    }

    private let search: Search

    /// Hugging Face's order. A special token that matches hides what begins inside it, but stays text.
    init?(leftmostLongest tokens: [Token]) {
        guard tokens.contains(where: { !$0.isSpecial }) else { return nil }
        search = .leftmostLongest(
            raw: ByteTrie(tokens.filter { !$0.isNormalized }), normalized: ByteTrie(tokens.filter(\.isNormalized)))
    }

    /// llama.cpp's order; special tokens play no part.
    init?(oneByOne tokens: [Token]) {
        let tokens = tokens.filter { !$0.isSpecial }
        guard !tokens.isEmpty else { return nil }
        search = .oneByOne(tokens.sorted { ($1.bytes.count, $0.id) < ($0.bytes.count, $1.id) })
    }

    /// The tokens in a text before its normaliser, in order.
    func cutsBeforeNormalizing(_ text: UnsafeBufferPointer<UInt8>) -> [Cut] {
        switch search {
        case .leftmostLongest(let raw, _):
            return raw.cuts(in: text, from: 0, to: text.count)
        case .oneByOne(let tokens):
            var cuts: [Cut] = []
            for token in tokens {
                cuts = Self.refine(cuts, text.count) { Self.occurrences(of: token, in: text, from: $0, to: $1) }
            }
            return cuts
        }
    }

    /// These cuts and the tokens that are looked for after the normaliser.
    func cutsAfterNormalizing(_ text: UnsafeBufferPointer<UInt8>, _ cuts: [Cut]) -> [Cut] {
        guard case .leftmostLongest(_, let normalized) = search, !normalized.isEmpty else { return cuts }
        return Self.refine(cuts, text.count) { normalized.cuts(in: text, from: $0, to: $1) }
    }

    /// Adds what a search finds between the cuts.
    private static func refine(_ cuts: [Cut], _ count: Int, _ search: (_ start: Int, _ end: Int) -> [Cut]) -> [Cut] {
        var refined: [Cut] = []
        var start = 0
        for cut in cuts {
            refined += search(start, cut.start)
            refined.append(cut)
            start = cut.end
        }
        refined += search(start, count)
        return refined
    }

    private static func occurrences(
        of token: Token, in text: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int
    ) -> [Cut] {
        var cuts: [Cut] = []
        var place = start
        let first = token.bytes[0]
        let length = token.bytes.count
        while place + length <= end {
            if text[place] == first, text[place..<place + length].elementsEqual(token.bytes) {
                cuts.append(Cut(start: place, end: place + length, id: token.id))
                place += length
            } else {
                place += 1
            }
        }
        return cuts
    }
}

/// Finds the longest of several byte strings at a place.
private struct ByteTrie: Sendable {
    /// From a node and a byte to the next node.
    private var edges: PairTable
    /// The token that ends at a node, its id plus 1, negative for a special one; 0 for none.
    private var ends: [Int] = [0]
    private var begins = [Bool](repeating: false, count: 256)

    var isEmpty: Bool { ends.count == 1 }

    init(_ tokens: [AddedTokens.Token]) {
        edges = PairTable(expected: tokens.reduce(1) { $0 + $1.bytes.count })
        for token in tokens {
            guard let first = token.bytes.first else { continue }
            begins[Int(first)] = true
            var node = 0
            for byte in token.bytes {
                if let child = child(of: node, byte) {
                    node = child
                } else {
                    _ = edges.insert(left: node, right: Int(byte), rank: 0, merged: ends.count)
                    node = ends.count
                    ends.append(0)
                }
            }
            ends[node] = token.isSpecial ? -token.id - 1 : token.id + 1
        }
    }

    private func child(of node: Int, _ byte: UInt8) -> Int? {
        edges.withView { edges in
            let found = edges.merge(UInt32(node), UInt32(byte))
            return found == Merge.none ? nil : Int(found)
        }
    }

    func cuts(in text: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) -> [AddedTokens.Cut] {
        guard !isEmpty else { return [] }
        var cuts: [AddedTokens.Cut] = []
        edges.withView { edges in
            var place = start
            while place < end {
                guard begins[Int(text[place])] else {
                    place += 1
                    continue
                }
                var node: UInt32 = 0
                var cursor = place
                var match = (token: 0, end: place + 1)
                while cursor < end {
                    let found = edges.merge(node, UInt32(text[cursor]))
                    guard found != Merge.none else { break }
                    node = UInt32(truncatingIfNeeded: found)
                    cursor += 1
                    if ends[Int(node)] != 0 { match = (ends[Int(node)], cursor) }
                }
                if match.token > 0 { cuts.append(AddedTokens.Cut(start: place, end: match.end, id: match.token - 1)) }
                place = match.end
            }
        }
        return cuts
    }
}
