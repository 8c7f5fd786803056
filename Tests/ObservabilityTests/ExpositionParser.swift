/// A strict reader of the text exposition format 0.0.4, written from its description and not from our writer.
struct Exposition {
    struct Sample: Equatable {
        let name: String
        let labels: [String: String]
        let value: Double
    }

    struct Family {
        let name: String
        let type: String
        let help: String
        var samples: [Sample] = []
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private(set) var families: [Family] = []

    init(_ bytes: [UInt8]) throws {
        guard bytes.last == UInt8(ascii: "\n") else { throw Failure(description: "no newline at the end") }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Failure(description: "not UTF-8") }
        var names: Set<String> = []
        var series: Set<String> = []
        var help: (name: Substring, text: String)?
        for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("# HELP ") {
                let parts = line.dropFirst(7).split(separator: " ", maxSplits: 1)
                guard parts.count == 2, help == nil else { throw Failure(description: "HELP: \(line)") }
                help = (parts[0], try Self.unescaped(parts[1], quote: false))
            } else if line.hasPrefix("# TYPE ") {
                let parts = line.dropFirst(7).split(separator: " ", omittingEmptySubsequences: false)
                guard parts.count == 2, let known = help, known.name == parts[0], Self.isName(parts[0], colon: true),
                    ["counter", "gauge", "histogram"].contains(parts[1]), names.insert(String(parts[0])).inserted
                else { throw Failure(description: "TYPE: \(line)") }
                families.append(Family(name: String(parts[0]), type: String(parts[1]), help: known.text))
                help = nil
            } else {
                let sample = try Self.sample(line)
                guard let family = families.last, help == nil, Self.owns(family, sample) else {
                    throw Failure(description: "sample outside of its family: \(line)")
                }
                let key = sample.labels.sorted { $0.key < $1.key }.map { "\($0.key)\u{0}\($0.value)" }
                guard series.insert(([sample.name] + key).joined(separator: "\u{1}")).inserted else {
                    throw Failure(description: "series twice: \(line)")
                }
                families[families.count - 1].samples.append(sample)
            }
        }
        for family in families where family.type == "histogram" { try Self.checkHistogram(family) }
    }

    func family(_ name: String) -> Family? { families.first { $0.name == name } }

    func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        families.flatMap(\.samples).first { $0.name == name && $0.labels == labels }?.value
    }

    private static func owns(_ family: Family, _ sample: Sample) -> Bool {
        guard family.type == "histogram" else { return sample.name == family.name && sample.labels["le"] == nil }
        return sample.name == family.name + "_bucket"
            ? sample.labels["le"] != nil
            : sample.labels["le"] == nil && [family.name + "_sum", family.name + "_count"].contains(sample.name)
    }

    private static func isName(_ text: some StringProtocol, colon: Bool) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return text.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
                || byte == 0x5F || (colon && byte == 0x3A)
        }
    }

    private static func unescaped(_ text: some StringProtocol, quote: Bool) throws -> String {
        var result = ""
        var isEscaped = false
        for scalar in text.unicodeScalars {
            if isEscaped {
                switch scalar {
                case "\\": result.unicodeScalars.append("\\")
                case "n": result.unicodeScalars.append("\n")
                case "\"" where quote: result.unicodeScalars.append("\"")
                default: throw Failure(description: "escape: \(text)")
                }
                isEscaped = false
            } else if scalar == "\\" {
                isEscaped = true
            } else if scalar.value < 0x20 {
                throw Failure(description: "control character: \(text)")
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        guard !isEscaped else { throw Failure(description: "open escape: \(text)") }
        return result
    }

    private static func sample(_ line: Substring) throws -> Sample {
        let failure = Failure(description: "sample: \(line)")
        let name = line.prefix { $0 != "{" && $0 != " " }
        guard isName(name, colon: true) else { throw failure }
        var rest = line[name.endIndex...]
        var labels: [String: String] = [:]
        if rest.first == "{" {
            rest.removeFirst()
            while true {
                let label = rest.prefix { $0 != "=" }
                guard isName(label, colon: false), !label.hasPrefix("__") else { throw failure }
                rest = rest[label.endIndex...].dropFirst()
                guard rest.first == "\"" else { throw failure }
                rest.removeFirst()
                var end = rest.startIndex
                while end < rest.endIndex, rest[end] != "\"" {
                    if rest[end] == "\\" { end = rest.index(after: end) }
                    guard end < rest.endIndex else { throw failure }
                    end = rest.index(after: end)
                }
                guard end < rest.endIndex else { throw failure }
                let value = try unescaped(rest[..<end], quote: true)
                guard labels.updateValue(value, forKey: String(label)) == nil else { throw failure }
                rest = rest[rest.index(after: end)...]
                guard let next = rest.popFirst() else { throw failure }
                if next == "}" { break }
                guard next == "," else { throw failure }
            }
        }
        guard rest.popFirst() == " ", let value = number(rest) else { throw failure }
        return Sample(name: String(name), labels: labels, value: value)
    }

    private static func number(_ text: Substring) -> Double? {
        switch text {
        case "NaN": .nan
        case "+Inf": .infinity
        case "-Inf": -.infinity
        default: text.utf8.allSatisfy { (0x30...0x39).contains($0) || "+-.e".utf8.contains($0) } ? Double(text) : nil
        }
    }

    private static func checkHistogram(_ family: Family) throws {
        let groups = Dictionary(grouping: family.samples) { $0.labels.filter { $0.key != "le" } }
        for (labels, samples) in groups {
            let buckets = samples.filter { $0.name == family.name + "_bucket" }
            let bounds = buckets.compactMap { $0.labels["le"].flatMap { number(Substring($0)) } }
            let counts = buckets.map(\.value)
            let count = samples.first { $0.name == family.name + "_count" }?.value
            guard bounds.count == buckets.count, bounds == bounds.sorted(), bounds.last == .infinity,
                counts == counts.sorted(), count == counts.last, samples.count == buckets.count + 2
            else { throw Failure(description: "histogram \(family.name) \(labels)") }
        }
    }
}
