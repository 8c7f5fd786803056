import Crypto
import OrchCore
import OrchTokens

/// The files of vocabularies in a folder, and in `models` in it: `NAME.tiktoken`, `NAME.json` and `NAME.gguf`.
struct VocabularyFolder: Sendable {
    private enum Kind: String, CaseIterable {
        case tiktoken, json, gguf

        /// Bytes of a file; a GGUF holds a model beside its vocabulary, of which only the beginning is read.
        var maximumBytes: Int { self == .gguf ? 1 << 40 : 256 << 20 }
    }

    private struct File {
        let path: String
        let kind: Kind
    }

    private var files: [String: File] = [:]

    init(_ folder: String) {
        for place in [folder, "\(folder)/models"] {
            for file in FolderListing.names(in: place) {
                // Of two files of one name the first kind counts.
                for kind in Kind.allCases where file.hasSuffix(".\(kind.rawValue)") && !file.hasPrefix(".") {
                    let name = String(file.dropLast(kind.rawValue.count + 1))
                    if files[name] == nil { files[name] = File(path: "\(place)/\(file)", kind: kind) }
                }
            }
        }
    }

    /// The names that can be loaded.
    var names: Set<String> { Set(files.keys) }

    /// A model's file that stands elsewhere.
    mutating func add(_ name: String, path: String) {
        files[name] = File(path: path, kind: .gguf)
    }

    /// Reads a vocabulary.
    func load(_ name: String) throws(TokenizerError) -> TokenizerCatalog.Vocabulary {
        guard let file = files[name] else {
            throw TokenizerError(.unknownVocabulary, "no such vocabulary is installed")
        }
        return try Self.withBytes(of: file) { (bytes) throws(TokenizerError) in
            switch file.kind {
            case .tiktoken:
                return TokenizerCatalog.Vocabulary(try RankFile.tokenizer(named: name, bytes: Array(bytes)))
            case .json:
                return TokenizerCatalog.Vocabulary(try TokenizerJSON.tokenizer(named: name, bytes: Array(bytes)))
            case .gguf:
                let vocabulary = try GGUFVocabulary(named: name, bytes: bytes)
                return TokenizerCatalog.Vocabulary(
                    vocabulary.tokenizer, template: vocabulary.chatTemplate.flatMap { ChatTemplate(jinja: $0) })
            }
        }
    }

    /// How much of a model's file is hashed for the sake of its vocabulary, which stands at the beginning.
    private static let hashedBytes = 32 << 20

    /// SHA-256 of a vocabulary's file, of a GGUF's first 32 MiB, in lower-case base 16; nil where it does not read.
    func hash(_ name: String) -> String? {
        guard let file = files[name] else { return nil }
        return try? Self.withBytes(of: file) { (bytes) throws(TokenizerError) in
            let length = file.kind == .gguf ? min(bytes.count, Self.hashedBytes) : bytes.count
            var hasher = SHA256()
            hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: bytes[..<length]))
            return Hexadecimal.encode(hasher.finalize())
        }
    }

    /// Gives a file's bytes to a body, mapped and not read, so that a model's weights are not.
    private static func withBytes<Value>(
        of file: File, _ body: (UnsafeRawBufferPointer) throws(TokenizerError) -> Value
    ) throws(TokenizerError) -> Value {
        let mapped: MappedFile
        do throws(MappedFile.Fault) {
            mapped = try MappedFile(file.path, maximumBytes: file.kind.maximumBytes)
        } catch {
            if case .cannotBeOpened = error { throw TokenizerError(.unknownVocabulary, error.sentence) }
            throw TokenizerError(.invalidVocabulary, error.sentence)
        }
        defer { withExtendedLifetime(mapped) {} }
        return try body(mapped.bytes)
    }
}
