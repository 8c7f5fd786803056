import Crypto
import Testing

@testable import OrchClassification

struct ClassifierStorageTests {
    private static func sample() async throws -> Classifier {
        var labels = SampleLabels(count: 4, examples: 3).labels
        labels[2] = LabelledTexts(id: "described", description: "word 2")
        return try await ClassifierTrainer.sample().train(labels)
    }

    /// Bytes whose end says that they are whole.
    private static func signed(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        let bytes = Array(bytes)
        return bytes + Array(SHA256.hash(data: bytes))
    }

    @Test func `what is decoded is what was encoded`() async throws {
        let classifier = try await Self.sample()
        let bytes = classifier.encoded()
        for instructions in Instructions.allCases where instructions.isAvailable {
            let decoded = try Classifier(decoding: bytes, instructions: instructions)
            #expect(decoded.encoded() == bytes)
            #expect(decoded.answers == classifier.answers)
            #expect(decoded.key == classifier.key && decoded.labels == classifier.labels)
            #expect(decoded.embedder == "sample" && decoded.dimensions == SampleLabels.dimensions)
        }
    }

    @Test func `a changed byte anywhere is an error`() async throws {
        let bytes = try await Self.sample().encoded()
        for place in stride(from: 0, to: bytes.count, by: bytes.count > 20_000 ? 7 : 1) {
            var damaged = bytes
            damaged[place] ^= 0x10
            #expect(throws: ClassifierError.self) { try Classifier(decoding: damaged) }
        }
    }

    @Test func `bytes that end anywhere too early are an error, signed or not`() async throws {
        let bytes = try await Self.sample().encoded()
        let content = bytes.dropLast(SHA256.byteCount)
        for count in stride(from: 0, to: content.count, by: 3) {
            #expect(throws: ClassifierError.self) { try Classifier(decoding: Array(bytes[..<count])) }
            #expect(throws: ClassifierError.self) { try Classifier(decoding: Self.signed(content[..<count])) }
        }
        #expect(throws: ClassifierError.self) { try Classifier(decoding: Self.signed(content + [0])) }
        #expect(throws: ClassifierError.self) { try Classifier(decoding: bytes + [0]) }
    }

    @Test(arguments: [UInt8(0xFF), 0x80, 0x01])
    func `signed bytes with a change are an error or answer with figures`(change: UInt8) async throws {
        let content = Array(try await Self.sample().encoded().dropLast(SHA256.byteCount))
        let question = SampleLabels.questions[1]
        for place in stride(from: Int(change) % 3, to: content.count, by: 3) {
            var damaged = content
            damaged[place] ^= change
            guard let classifier = try? Classifier(decoding: Self.signed(damaged)) else { continue }
            if classifier.dimensions == question.count {
                let answer = classifier.classify(question)
                #expect((0...1).contains(answer.belonging) && (0...1).contains(answer.gap))
            }
        }
    }

    @Test func `counts that promise more than there is make nothing`() async throws {
        let content = Array(try await Self.sample().encoded().dropLast(SHA256.byteCount))
        for place in stride(from: 0, to: content.count - 4, by: 4) {
            var damaged = content
            damaged.replaceSubrange(place..<place + 4, with: [0xFF, 0xFF, 0xFF, 0x7F])
            _ = try? Classifier(decoding: Self.signed(damaged))
        }
    }

    @Test func `another version is told apart from damage`() async throws {
        var content = Array(try await Self.sample().encoded().dropLast(SHA256.byteCount))
        content[ClassifierFormat.mark.count] += 1
        let error = #expect(throws: ClassifierError.self) { try Classifier(decoding: Self.signed(content)) }
        #expect(error?.code == .unsupported)
        let empty = #expect(throws: ClassifierError.self) { try Classifier(decoding: []) }
        #expect(empty?.code == .damaged)
    }
}
