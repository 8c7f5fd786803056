import OrchCore

/// A note, a key, a checkpoint or a proof that is not in its format, or does not verify.
package struct NoteError: CodedError, Equatable {
    package struct Code: Sendable, Hashable {
        private enum Value: String {
            case malformedNote = "malformed_note"
            case malformedKey = "malformed_key"
            case malformedCheckpoint = "malformed_checkpoint"
            case malformedProof = "malformed_proof"
            case unverified = "not_signed_by_key"
            case invalidSignature = "invalid_signature"
        }
        private let value: Value
        package static let malformedNote = Code(value: .malformedNote)
        package static let malformedKey = Code(value: .malformedKey)
        package static let malformedCheckpoint = Code(value: .malformedCheckpoint)
        package static let malformedProof = Code(value: .malformedProof)
        /// No signature of the key is there.
        package static let unverified = Code(value: .unverified)
        /// The key's signature is there, and is wrong.
        package static let invalidSignature = Code(value: .invalidSignature)
        package var name: String { value.rawValue }
    }

    package let code: Code
    package let message: String
    package var codeName: String { code.name }

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
