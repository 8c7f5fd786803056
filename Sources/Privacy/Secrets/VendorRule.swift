/// A secret whose form alone says too little, assigned to a name with the vendor's in it.
struct VendorRule: Sendable {
    let id: String
    let names: [String]
    let shapes: [Shape]
    let entropy: Double

    init(_ id: String, _ names: [String], _ shapes: String..., entropy: Double = 2.3) {
        self.id = id
        self.names = names
        self.shapes = shapes.map { Shape($0, ignoringCase: true) }
        self.entropy = entropy
    }

    var detector: Detector {
        Detector(
            id, .secret, confidence: Confidence.strong,
            names.map { name in
                .literal(name) { [self] text, hit, report in
                    guard Assignment.beginsWord(hit.lowerBound, in: &text), hasOneCase(hit, in: &text),
                        let value = Assignment.value(behind: hit.upperBound, in: &text, &report),
                        let range = secret(in: value, &text)
                    else { return }
                    report.add(range)
                }
            })
    }

    /// Short names are parts of other words: `sumOf`, `rookTable`. They count in one case, or with a capital in front.
    private func hasOneCase(_ hit: Range<Int>, in text: inout Probe) -> Bool {
        guard hit.count <= 5 else { return true }
        let isUpper = Byte.isUpper(text[hit.lowerBound + 1])
        guard !isUpper || Byte.isUpper(text[hit.lowerBound]) else { return false }
        return (hit.lowerBound + 1..<hit.upperBound).allSatisfy { Byte.isUpper(text[$0]) == isUpper }
    }

    private func secret(in value: Range<Int>, _ text: inout Probe) -> Range<Int>? {
        for shape in shapes {
            guard shape.lengths.contains(value.count), let end = shape.end(in: &text, from: value.lowerBound),
                end == value.upperBound
            else { continue }
            let bytes = text.bytes(value)
            if bytes.contains(where: Byte.isDigit), Entropy.bits(of: bytes) >= entropy, !Placeholder.isLikely(bytes) {
                return value
            }
        }
        return nil
    }
}
