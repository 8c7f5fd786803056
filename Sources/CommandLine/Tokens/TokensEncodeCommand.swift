import ArgumentParser
import OrchCore
import OrchTokens

/// `orch tokens encode`
struct TokensEncodeCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "encode",
        abstract: "Write the ids of a text's tokens.",
        discussion: """
            The ids are on one line, with spaces between them. What looks like a control token in the text is text. \
            The model's vocabulary must be installed; otherwise the exit status is 69.

            --show writes a line for each token: its id, a tab, and its text in quotes. Bytes of a token that is no \
            whole text are written \\xE2. --json prints {"tokens", "tokenizer"}.

            Examples:
              echo 'Hello, world' | orch tokens encode
              orch tokens encode --show --model cl100k_base letter.txt
              orch tokens encode --json letter.txt | orch tokens decode
            """)

    @Argument(help: "The text's file; - or none reads standard input.", completion: .file())
    var file: String?

    @Flag(help: "Write a line for each token: its id and its text.")
    var show = false

    @OptionGroup var tokens: TokensOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

    func validate() throws {
        guard !(show && output.json) else { throw ValidationError("say --show or --json, not both") }
    }

    func run(in session: Session) async throws {
        let (_, workbench) = try configuration.workbench(in: session)
        let tokenizer = try tokens.tokenizer(workbench.tokens)
        let text = try await TokensInput.text(of: file, in: session)
        let ids = tokenizer.encode(text)
        if output.json {
            try session.out.writeBytes(json(ids, tokenizer.name))
        } else if show {
            try session.out.writeBytes(lines(ids, tokenizer))
        } else {
            try session.out.writeBytes(line(ids))
        }
    }

    private func line(_ ids: [Int]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(7 * ids.count + 1)
        for id in ids {
            if !bytes.isEmpty { bytes.append(UInt8(ascii: " ")) }
            bytes += String(id).utf8
        }
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }

    private func lines(_ ids: [Int], _ tokenizer: BytePairTokenizer) -> [UInt8] {
        var bytes: [UInt8] = []
        for id in ids {
            bytes += "\(id)\t\(TokenText.quoted(tokenizer.bytes(of: id) ?? []))\n".utf8
        }
        return bytes
    }

    private func json(_ ids: [Int], _ name: String) -> [UInt8] {
        var writer = JSONWriter(capacity: 7 * ids.count + 64)
        writer.beginObject()
        writer.key("tokens")
        writer.beginArray()
        for id in ids { writer.integer(id) }
        writer.endArray()
        writer.member("tokenizer", name)
        writer.endObject()
        return writer.bytes + [UInt8(ascii: "\n")]
    }
}

/// One token's text, for people.
enum TokenText {
    /// In quotes, on one line, without what would steer a terminal.
    static func quoted(_ bytes: [UInt8]) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return "\"" + bytes.map(byte).joined() + "\""
        }
        var quoted = ""
        for scalar in text.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { quoted.unicodeScalars.append("\\") }
            quoted.unicodeScalars.append(scalar)
        }
        return "\"" + Visible.line(quoted) + "\""
    }

    /// A byte of a text that is not whole.
    private static func byte(_ byte: UInt8) -> String {
        let isPlain = (0x20..<0x7F).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
        return isPlain ? String(UnicodeScalar(byte)) : "\\x" + Hexadecimal.encode([byte]).uppercased()
    }
}
