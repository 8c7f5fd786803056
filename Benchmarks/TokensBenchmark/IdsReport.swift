import Foundation
import OrchTokens

/// The ids of many texts. Both files hold 32-bit little-endian words: a text is its length and its bytes, an answer the
/// number of ids and the ids. Stops where counting, encoding or decoding disagree among themselves.
enum IdsReport {
    static func run(_ vocabulary: String, _ path: String) throws {
        let tokenizer = try TokensBenchmark.tokenizer(vocabulary)
        let data = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        let isLossless = (0..<tokenizer.size).filter { tokenizer.bytes(of: $0)?.count == 1 }.count >= 256
        var answers: [UInt32] = []
        var place = 0
        while place + 4 <= data.count {
            let length = Int(data[place..<place + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
            let text = Array(data[place + 4..<place + 4 + length])
            place += 4 + length
            let ids = encode(text, tokenizer)
            let decoded = try tokenizer.decode(ids)
            // Texts are equal if they are canonically so: an added token gives its own form back.
            let wanted = tokenizer.normalized(String(decoding: text, as: UTF8.self))
            let isSame = decoded.elementsEqual(wanted.utf8) || String(decoding: decoded, as: UTF8.self) == wanted
            guard !isLossless || isSame else {
                throw Disagreement(text: "decoding does not give back a text of \(length) bytes")
            }
            answers.append(UInt32(ids.count))
            answers += ids.map { UInt32($0) }
        }
        answers.withUnsafeBytes { FileHandle.standardOutput.write(Data($0)) }
    }

    private static func encode(_ text: [UInt8], _ tokenizer: BytePairTokenizer) -> [Int] {
        text.withUnsafeBufferPointer { text in
            var ids: [Int] = []
            tokenizer.encode(utf8: text) { id, _ in ids.append(id) }
            precondition(tokenizer.count(utf8: text) == ids.count, "counting and encoding disagree")
            return ids
        }
    }

    private struct Disagreement: Error, CustomStringConvertible {
        let text: String
        var description: String { text }
    }
}
