import ArgumentParser
import OrchCore
import OrchTokens

/// `orch tokens decode`
struct TokensDecodeCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "decode",
        abstract: "Write the text of tokens.",
        discussion: """
            Ids are arguments, or stand in a file or on standard input: with white space between them, as a JSON array, \
            or as `orch tokens encode --json` prints them. A file whose name is a number is ./42.

            An id that the vocabulary does not have, and tokens that end in the middle of a character, end with exit \
            status 65 and name the token, counted from 0. --lossy writes U+FFFD for such characters. --json prints \
            {"text", "tokenizer"}. The model's vocabulary must be installed; otherwise the exit status is 69.

            Examples:
              orch tokens decode 13225 11 2375
              orch tokens decode --model cl100k_base ids.txt
              orch tokens encode letter.txt | orch tokens decode --json
            """)

    @Argument(help: "Ids, or the file that holds them; - or none reads standard input.", completion: .file())
    var ids: [String] = []

    @Flag(help: "Write U+FFFD for characters that are not whole.")
    var lossy = false

    @OptionGroup var tokens: TokensOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

    func validate() throws {
        guard ids.count < 2 || areIDs else { throw ValidationError("say ids, or one file") }
    }

    func run(in session: Session) async throws {
        let (_, workbench) = try configuration.workbench(in: session)
        let tokenizer = try tokens.tokenizer(workbench.tokens)
        let ids =
            areIDs
            ? try TokenIDs.parse(Array(ids.joined(separator: " ").utf8))
            : try TokenIDs.parse(try await TokensInput.bytes(of: ids.first, in: session))
        let text = try text(of: ids, tokenizer)
        if output.json {
            try session.print(json: true, json(text, tokenizer.name), orText: "")
        } else {
            try session.out.write(foreign: text)
            if session.out.isTerminal, !text.hasSuffix("\n") { try session.out.write("\n") }
        }
    }

    /// Whether the arguments are ids and no file.
    private var areIDs: Bool {
        !ids.isEmpty && ids.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
    }

    private func text(of ids: [Int], _ tokenizer: BytePairTokenizer) throws -> String {
        do throws(TokenDecodingError) {
            let decoded = try DecodedTokens(ids, by: tokenizer)
            return lossy ? String(decoding: decoded.bytes, as: UTF8.self) : try decoded.text()
        } catch {
            let remedy = error.code == .invalidBoundary ? "; --lossy writes the text all the same" : ""
            throw CommandFailure(.malformedData, error.message + remedy)
        }
    }

    private func json(_ text: String, _ name: String) -> String {
        var writer = JSONWriter(capacity: text.utf8.count + 64)
        writer.beginObject()
        writer.member("text", text)
        writer.member("tokenizer", name)
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

/// Ids as a file holds them.
enum TokenIDs {
    /// - Throws: ``CommandFailure`` that names the first that is none, by its place from 0. It is not repeated.
    static func parse(_ bytes: [UInt8]) throws(CommandFailure) -> [Int] {
        switch bytes.first(where: { !isSpace($0) }) {
        case UInt8(ascii: "["), UInt8(ascii: "{"): return try json(bytes)
        default: return try words(bytes)
        }
    }

    private static func words(_ bytes: [UInt8]) throws(CommandFailure) -> [Int] {
        var ids: [Int] = []
        for word in bytes.split(whereSeparator: isSpace) {
            guard word.allSatisfy({ (0x30...0x39).contains($0) }),
                let id = Int(String(decoding: word, as: UTF8.self))
            else { throw notAnID(ids.count) }
            ids.append(id)
        }
        return ids
    }

    private static func json(_ bytes: [UInt8]) throws(CommandFailure) -> [Int] {
        let root: JSONNode
        do throws(JSONError) { root = try JSONDocument(parsing: bytes).root } catch {
            throw CommandFailure(.malformedData, "the ids are not valid JSON: \(error.message)")
        }
        guard let list = root.kind == .array ? root : root["tokens"], list.kind == .array else {
            throw CommandFailure(.malformedData, #"the ids are neither an array nor an object {"tokens": […]}"#)
        }
        var ids: [Int] = []
        for element in list.elements {
            guard let id = element.int, id >= 0 else { throw notAnID(ids.count) }
            ids.append(id)
        }
        return ids
    }

    private static func notAnID(_ index: Int) -> CommandFailure {
        CommandFailure(.malformedData, "token \(index) (from 0) is not a whole number that can be an id")
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }
}
