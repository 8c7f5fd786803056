/// The different texts of labels, before they have vectors.
struct TextCollection {
    private(set) var texts: [String] = []
    private(set) var hashes: [TextHash] = []
    private(set) var members: [LabelMembers] = []
    private var rows: [TextHash: UInt32] = [:]

    init(_ labels: [LabelledTexts]) {
        for label in labels { add(label) }
    }

    private mutating func add(_ label: LabelledTexts) {
        let examples = Dictionary(
            label.examples.map { (TextHash(of: $0), $0) }, uniquingKeysWith: { first, _ in first })
        let sorted = examples.keys.sorted()
        let meaning = label.meaning
        let description = TextHash(of: meaning)
        let found = sorted.map { row($0, examples[$0] ?? "") }
        members.append(
            LabelMembers(
                examples: found, description: examples[description] == nil ? row(description, meaning) : nil))
    }

    private mutating func row(_ hash: TextHash, _ text: String) -> UInt32 {
        if let row = rows[hash] { return row }
        let row = UInt32(texts.count)
        rows[hash] = row
        texts.append(text)
        hashes.append(hash)
        return row
    }
}
