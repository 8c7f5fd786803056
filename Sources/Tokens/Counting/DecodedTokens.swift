import OrchCore

/// Tokens put together to the bytes that they stand for.
package struct DecodedTokens: Sendable {
    package let bytes: [UInt8]
    /// Where each token ends in the bytes.
    private let ends: [Int]

    /// - Throws: ``TokenDecodingError`` for an id that the vocabulary does not hold.
    package init(_ ids: [Int], by tokenizer: BytePairTokenizer) throws(TokenDecodingError) {
        var (bytes, ends): ([UInt8], [Int]) = ([], [])
        bytes.reserveCapacity(4 * ids.count)
        ends.reserveCapacity(ids.count)
        for (index, id) in ids.enumerated() {
            guard let token = tokenizer.bytes(of: id) else {
                throw TokenDecodingError(
                    .unknownToken, "token \(index) (from 0) is \(id), which \(tokenizer.name) does not have",
                    index: index)
            }
            bytes += token
            ends.append(bytes.count)
        }
        (self.bytes, self.ends) = (bytes, ends)
    }

    /// The text that the bytes are.
    ///
    /// - Throws: ``TokenDecodingError`` where a character is not whole, as when tokens are cut off in its middle.
    package func text() throws(TokenDecodingError) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        let start = bytes.validUTF8Prefix
        let index = ends.firstIndex { $0 > start } ?? ends.count
        throw TokenDecodingError(
            .invalidBoundary,
            "invalid UTF-8 boundary: the character that begins in token \(index) (from 0) is not whole",
            index: index)
    }
}

/// Ids that are no text.
package struct TokenDecodingError: CodedError, Equatable {
    package enum Code: String, Sendable {
        /// No token has this id.
        case unknownToken = "unknown_token"
        case invalidBoundary = "invalid_utf8_boundary"
    }

    package let code: Code
    package let message: String
    /// Of the token at fault, from 0.
    package let index: Int
    package var codeName: String { code.rawValue }

    init(_ code: Code, _ message: String, index: Int) {
        self.code = code
        self.message = message
        self.index = index
    }
}
