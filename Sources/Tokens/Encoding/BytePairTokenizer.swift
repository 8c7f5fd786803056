/// Exact byte-level BPE: the ids of the reference implementation, for every text.
///
/// Special tokens in a text are text. Added tokens that are not special are taken out of it as the reference does
/// (``AddedTokens``). A tokenizer is immutable and may be used by any number of callers at a time.
package final class BytePairTokenizer: Sendable {
    /// What a vocabulary file holds, made into tables.
    struct Parts: Sendable {
        var table: TokenTable
        /// Nil: two tokens merge where a token has their bytes, lower ids first.
        var pairs: PairTable?
        var symbols: ByteSymbols
        var pattern: TokenPattern
        var profile: ScalarProfile
        var added: AddedTokens?
        /// Whether texts are brought into Form C first.
        var normalizes = false
        var specialTokens: [String: Int]
    }

    /// The vocabulary's name.
    package let name: String
    private let parts: Parts
    private let classes: ScalarClasses

    init(name: String, _ parts: Parts) {
        self.name = name
        self.parts = parts
        classes = parts.profile.classes
    }

    /// One more than the highest id, special tokens included; a few ids below may be unassigned.
    package var size: Int { parts.table.count }

    /// The special tokens' ids by their names.
    package var specialTokens: [String: Int] { parts.specialTokens }

    /// The ids of a text.
    package func encode(_ text: String) -> [Int] {
        var text = text
        return text.withUTF8 { utf8 in
            var sink = ArraySink()
            sink.ids.reserveCapacity(utf8.count / 3)
            run(utf8, into: &sink)
            return sink.ids
        }
    }

    /// Encodes UTF-8, handing on each token as it is found.
    ///
    /// - Parameters:
    ///   - utf8: The text. Bytes that are no UTF-8 are taken for single signs.
    ///   - each: A token, and the offset of its end: in the text, or in ``normalized(_:)`` of it where that differs.
    ///     Ends never fall; a token may end inside a character.
    package func encode(utf8: UnsafeBufferPointer<UInt8>, each: (_ id: Int, _ byteEnd: Int) -> Void) {
        withoutActuallyEscaping(each) { each in
            var sink = ClosureSink(each: each)
            run(utf8, into: &sink)
        }
    }

    /// How many tokens a text has.
    package func count(_ text: String) -> Int {
        var text = text
        return text.withUTF8 { count(utf8: $0) }
    }

    /// How many tokens some UTF-8 has; allocates nothing unless a piece is longer than 60 bytes or added tokens or a
    /// normaliser have work to do.
    package func count(utf8: UnsafeBufferPointer<UInt8>) -> Int {
        var sink = CountingSink()
        run(utf8, into: &sink)
        return sink.count
    }

    /// The text as the vocabulary's normaliser leaves it, which offsets refer to.
    package func normalized(_ text: String) -> String {
        guard parts.normalizes else { return text }
        var text = text
        return text.withUTF8 { utf8 in String(decoding: normalize(utf8).bytes, as: UTF8.self) }
    }

    /// The bytes of a token, of a special one its name's; nil where no token has this id.
    package func bytes(of id: Int) -> [UInt8]? {
        let bytes = parts.table.bytes(of: id)
        return bytes.isEmpty ? nil : Array(bytes)
    }

    /// The bytes of some tokens; they need not be UTF-8.
    ///
    /// - Throws: ``TokenizerError`` where no token has an id.
    package func decode(_ ids: [Int]) throws(TokenizerError) -> [UInt8] {
        var bytes: [UInt8] = []
        for id in ids { bytes += try slice(of: id) }
        return bytes
    }

    /// The token that merging some bytes as one piece makes; nil where it makes several.
    func idOfPiece(_ piece: UnsafeBufferPointer<UInt8>) -> Int? {
        guard let bytes = piece.baseAddress, !piece.isEmpty else { return nil }
        var sink = SingleSink()
        withEncoder { encoder, _ in encoder.encode(bytes, 0, piece.count, into: &sink) }
        return sink.count == 1 ? Int(sink.id) : nil
    }

    func slice(of id: Int) throws(TokenizerError) -> ArraySlice<UInt8> {
        let bytes = parts.table.bytes(of: id)
        guard bytes.isEmpty else { return bytes }
        throw TokenizerError(
            .unknownToken,
            id >= 0 && id < size
                ? "no token of \(name) has the id \(id): it is unassigned"
                : "no token of \(name) has the id \(id): ids are 0 to \(size - 1)")
    }
}

extension BytePairTokenizer {
    private func run(_ text: UnsafeBufferPointer<UInt8>, into sink: inout some TokenSink) {
        guard text.count > 0 else { return }
        if parts.normalizes, !Normalization.isSurelyNFC(text) {
            let (bytes, cuts) = normalize(text)
            bytes.withUnsafeBufferPointer { text in
                run(text, cuts: parts.added?.cutsAfterNormalizing(text, cuts) ?? [], into: &sink)
            }
        } else if let added = parts.added {
            run(text, cuts: added.cutsAfterNormalizing(text, added.cutsBeforeNormalizing(text)), into: &sink)
        } else {
            run(text, cuts: [], into: &sink)
        }
    }

    /// A text in Form C but for the tokens that are taken out before, and where these then are.
    private func normalize(_ text: UnsafeBufferPointer<UInt8>) -> (bytes: [UInt8], cuts: [AddedTokens.Cut]) {
        var bytes: [UInt8] = []
        var cuts: [AddedTokens.Cut] = []
        var start = 0
        for cut in parts.added?.cutsBeforeNormalizing(text) ?? [] {
            bytes += Normalization.nfc(UnsafeBufferPointer(rebasing: text[start..<cut.start]))
            let place = bytes.count
            bytes += text[cut.start..<cut.end]
            cuts.append(AddedTokens.Cut(start: place, end: bytes.count, id: cut.id))
            start = cut.end
        }
        bytes += Normalization.nfc(UnsafeBufferPointer(rebasing: text[start...]))
        return (bytes, cuts)
    }

    private func run(_ text: UnsafeBufferPointer<UInt8>, cuts: [AddedTokens.Cut], into sink: inout some TokenSink) {
        guard let bytes = text.baseAddress else { return }
        withEncoder { encoder, scanner in
            var start = 0
            for cut in cuts {
                encode(scanner(bytes, cut.start), from: start, &encoder, into: &sink)
                sink.append(UInt32(cut.id), end: cut.end)
                start = cut.end
            }
            encode(scanner(bytes, text.count), from: start, &encoder, into: &sink)
        }
    }

    /// Encodes from a place to the scanner's end.
    @inline(__always)
    private func encode(
        _ scanner: PieceScanner, from start: Int, _ encoder: inout PieceEncoder, into sink: inout some TokenSink
    ) {
        var place = start
        while place < scanner.count {
            let end = scanner.endOfPiece(from: place)
            encoder.encode(scanner.bytes, place, end, into: &sink)
            place = end
        }
    }

    /// Runs with pointers to the tables and scratch on the stack; the second argument makes a scanner of bytes.
    @inline(__always)
    private func withEncoder(
        _ body: (inout PieceEncoder, (UnsafePointer<UInt8>, Int) -> PieceScanner) -> Void
    ) {
        let limit = Merge.smallLimit
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: limit * 2) { scratch in
            parts.table.withView { tokens in
                parts.symbols.ids.withUnsafeBufferPointer { symbols in
                    classes.blocks.withUnsafeBufferPointer { blocks in
                        classes.classes.withUnsafeBufferPointer { classes in
                            guard let scratch = scratch.baseAddress, let symbols = symbols.baseAddress,
                                let blocks = blocks.baseAddress, let classes = classes.baseAddress
                            else { return }
                            let halves = UnsafeMutableRawPointer(scratch + limit)
                                .bindMemory(to: UInt32.self, capacity: 2 * limit)
                            func run(_ pairs: PairView?) {
                                var encoder = PieceEncoder(
                                    tokens: tokens, pairs: pairs, symbols: symbols,
                                    holesSeparate: parts.symbols.holesSeparate, ends: halves, ids: halves + limit,
                                    merges: scratch)
                                body(&encoder) { bytes, count in
                                    PieceScanner(
                                        bytes: bytes, count: count, blocks: blocks, classes: classes,
                                        ascii: classes + Int(blocks[0]), pattern: parts.pattern,
                                        foldsLongS: parts.profile.foldsLongS)
                                }
                            }
                            if let pairs = parts.pairs { pairs.withView(run) } else { run(nil) }
                        }
                    }
                }
            }
        }
    }
}
