import OrchClassification

/// Numbers that look random, the same every time.
struct Generator: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        var mixed = state
        mixed ^= mixed >> 33
        mixed &*= 0xFF51_AFD7_ED55_8CCD
        return mixed ^ mixed >> 33
    }

    /// A vector of length 1 near another, or anywhere.
    mutating func vector(_ dimensions: Int, near centre: [Float]? = nil, spread: Float = 0.25) -> [Float] {
        var vector = (0..<dimensions).map { _ in Float.random(in: -1...1, using: &self) }
        if let centre { vector = zip(vector, centre).map { $0 * spread + $1 } }
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return vector.map { $0 / length }
    }
}

/// Made-up labels whose texts lie around a centre each: `word-3 7` is the seventh text of the third label.
struct SampleLabels {
    static let dimensions = 24
    let labels: [LabelledTexts]

    init(count: Int, examples: Int) {
        labels = (0..<count).map { label in
            LabelledTexts(id: "word-\(label)", examples: (0..<examples).map { "word \(label) \($0)" })
        }
    }

    /// The vector of a text by its words: the number of its label gives the centre, all of it the place around.
    static func vector(_ text: String) -> [Float] {
        let words = text.split(separator: " ")
        let label = words.count > 1 ? UInt64(words[1]) ?? 0 : 0
        var around = Generator(text.utf8.reduce(UInt64(5381)) { $0 &* 33 &+ UInt64($1) })
        return around.vector(dimensions, near: centre(label))
    }

    static func centre(_ label: UInt64) -> [Float] {
        var generator = Generator(1000 + label)
        return generator.vector(dimensions)
    }

    /// Texts that no label has seen, some near one and some near none.
    static let questions: [[Float]] = {
        var generator = Generator(77)
        return (0..<60).map { index in
            generator.vector(dimensions, near: index % 3 == 0 ? nil : centre(UInt64(index % 23)), spread: 0.4)
        }
    }()
}

extension ClassifierTrainer {
    static func sample(threads: Int = 2, instructions: Instructions = .best) -> ClassifierTrainer {
        ClassifierTrainer(
            embedder: "sample", dimensions: SampleLabels.dimensions, threads: threads, instructions: instructions)
    }

    func train(_ labels: [LabelledTexts], reusing previous: Classifier? = nil) async throws -> Classifier {
        try await train(labels, reusing: previous, vectors: { $0.map(SampleLabels.vector) })
    }
}

extension Classifier {
    /// All that it says about the sample's questions.
    var answers: [Classification] { SampleLabels.questions.map(classify) }
}
