/// Which vocabulary counts for which model.
package struct TokenizerTable: Sendable, Equatable {
    /// What counts for the models of some names.
    package struct Row: Sendable, Equatable {
        /// Names of models; `*` stands for any characters. Case does not count.
        package var models: [String]
        /// The vocabulary's name; nil: the one of ORCH_TOKENIZER_MODEL.
        package var tokenizer: String?
        /// nil: the one that the vocabulary's file carries, or OpenAI's.
        package var template: ChatTemplate?
        package var images: ImagePrice

        package init(
            models: [String], tokenizer: String?, template: ChatTemplate? = nil, images: ImagePrice = .standard
        ) {
            self.models = models
            self.tokenizer = tokenizer
            self.template = template
            self.images = images
        }

        func matches(_ model: String) -> Bool {
            models.contains { NamePattern.matches(model, $0) }
        }
    }

    package var rows: [Row]

    package init(rows: [Row] = []) {
        self.rows = rows
    }

    /// The first row whose names match.
    package func row(for model: String) -> Row? {
        rows.first { $0.matches(model) }
    }
}

/// Names with `*` for any characters, ASCII letters of either case alike. Linear in the text for each `*`.
enum NamePattern {
    static func matches(_ name: String, _ pattern: String) -> Bool {
        let name = name.utf8.map(lowercased)
        let pattern = pattern.utf8.map(lowercased)
        var (place, next) = (0, 0)
        // Where to go on when what follows the last `*` does not match: one byte further.
        var (star, resume): (Int?, Int) = (nil, 0)
        while place < name.count {
            if next < pattern.count, pattern[next] == UInt8(ascii: "*") {
                (star, resume) = (next, place)
                next += 1
            } else if next < pattern.count, pattern[next] == name[place] {
                (place, next) = (place + 1, next + 1)
            } else if let star {
                resume += 1
                (place, next) = (resume, star + 1)
            } else {
                return false
            }
        }
        return pattern[next...].allSatisfy { $0 == UInt8(ascii: "*") }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
