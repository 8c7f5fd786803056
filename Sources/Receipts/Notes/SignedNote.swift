import OrchCore

/// A text with signatures below it (C2SP signed-note).
package struct SignedNote: Sendable, Equatable {
    /// One line of signature: `— name base64(key id ‖ signature)`.
    package struct Signature: Sendable, Equatable {
        package var name: String
        package var keyID: UInt32
        package var bytes: [UInt8]

        package init(name: String, keyID: UInt32, bytes: [UInt8]) {
            self.name = name
            self.keyID = keyID
            self.bytes = bytes
        }

        /// The line, without its end.
        package var line: String {
            "\u{2014} \(name) "
                + Base64.encode((0..<4).map { UInt8(truncatingIfNeeded: keyID >> (24 - 8 * $0)) } + bytes)
        }
    }

    /// Signatures that a note may have; one more and it is not read.
    package static let maximumSignatures = 100
    /// Bytes that a note may have.
    package static let maximumBytes = 1 << 20

    /// The signed text; it ends with a line's end.
    package var text: String
    package var signatures: [Signature]

    package init(text: String, signatures: [Signature]) {
        self.text = text
        self.signatures = signatures
    }

    /// Reads a note strictly. Nothing is verified yet.
    package init(parsing text: String) throws(NoteError) {
        let bytes = Array(text.utf8)
        guard bytes.count <= Self.maximumBytes else { throw .note("it is larger than \(Self.maximumBytes) bytes") }
        guard bytes.allSatisfy({ $0 >= 0x20 || $0 == 0x0A }) else { throw .note("it holds a control character") }
        guard bytes.last == 0x0A else { throw .note("its last line has no end") }
        let separator = bytes.indices.last { $0 > 0 && bytes[$0] == 0x0A && bytes[$0 - 1] == 0x0A }
        guard let separator, separator + 1 < bytes.count else { throw .note("no signature stands below an empty line") }
        self.text = String(decoding: bytes[..<separator], as: UTF8.self)
        signatures = []
        for line in bytes[(separator + 1)...].dropLast().split(separator: 0x0A, omittingEmptySubsequences: false) {
            guard signatures.count < Self.maximumSignatures else {
                throw .note("it has more than \(Self.maximumSignatures) signatures")
            }
            signatures.append(try Signature(line: String(decoding: line, as: UTF8.self)))
        }
    }

    /// The whole note.
    package var description: String {
        text + "\n" + signatures.map { $0.line + "\n" }.joined()
    }

    /// The signatures of the keys that are known. Those of others are passed over.
    ///
    /// - Throws: Where a known key's signature is wrong, or none of a known key is there.
    @discardableResult
    package func verify(_ keys: [VerifierKey]) throws(NoteError) -> [Signature] {
        var verified: [Signature] = []
        for signature in signatures {
            guard let key = keys.first(where: { $0.made(signature) }) else {
                continue
            }
            guard key.verifies(signature.bytes, of: text) else {
                throw NoteError(.invalidSignature, "the signature of \(key.shortName) is not one of this text")
            }
            verified.append(signature)
        }
        guard !verified.isEmpty else {
            throw NoteError(
                .unverified,
                "no signature is by \(keys.map(\.shortName).joined(separator: " or ")): another key signed it")
        }
        return verified
    }
}

extension SignedNote.Signature {
    fileprivate init(line: String) throws(NoteError) {
        let prefix = "\u{2014} "
        guard line.utf8.starts(with: prefix.utf8) else { throw .note("a signature's line is not one") }
        let parts = line.unicodeScalars.dropFirst(2).split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2, case let name = String(parts[0]), KeyName.isValid(name),
            let bytes = Base64.decode(String(parts[1])), bytes.count > 4
        else { throw .note("a signature's line is not one") }
        self.init(
            name: name, keyID: bytes[..<4].reduce(0) { $0 << 8 | UInt32($1) }, bytes: Array(bytes[4...]))
    }
}

extension NoteError {
    fileprivate static func note(_ fault: String) -> NoteError {
        NoteError(.malformedNote, "this is no signed note: \(fault)")
    }
}

/// The names of keys, which are also the names of logs.
package enum KeyName {
    /// Not empty, without white space, control characters and `+`.
    package static func isValid(_ name: String) -> Bool {
        !name.isEmpty
            && name.unicodeScalars.allSatisfy { scalar in
                !scalar.properties.isWhitespace && scalar != "+" && scalar.value >= 0x20 && scalar.value != 0x7F
            }
    }
}
