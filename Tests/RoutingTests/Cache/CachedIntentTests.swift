import OrchCore
import Testing

@testable import OrchRouting

@Suite struct CachedIntentTests {
    private static let whole = #"""
        {"intent_id":"book","similarity":0.9321,"confidence":0.9,"gap":1,"runner_up":"cancel",\#
        "runner_up_probability":0.0001}
        """#

    @Test func `a decision is stored with all its members and reads back the same`() throws {
        let second = CachedIntent(
            intentID: "book", similarity: 0.9321, confidence: 0.9, gap: 1, runnerUp: "cancel",
            runnerUpProbability: 0.0001)
        #expect(String(decoding: second.json, as: UTF8.self) == Self.whole)
        let alone = CachedIntent(intentID: "q\"\u{1}é", similarity: 0, confidence: 0.5, gap: 0.25)
        #expect(
            String(decoding: alone.json, as: UTF8.self)
                == #"{"intent_id":"q\"\u0001é","similarity":0,"confidence":0.5,"gap":0.25,"runner_up":null,"#
                + #""runner_up_probability":null}"#)
        for intent in [second, alone] { #expect(try CachedIntent(json: intent.json) == intent) }
    }

    @Test func `every step from 0 to 1 reads back the same`() throws {
        for step in 0...10_000 {
            let value = Double(step) / 10_000
            let intent = CachedIntent(
                intentID: "a", similarity: value, confidence: 1 - value, gap: value, runnerUp: "b",
                runnerUpProbability: value)
            #expect(intent.similarity == value)
            #expect(try CachedIntent(json: intent.json) == intent)
        }
    }

    @Test(arguments: [
        (0.123449, 0.1234), (0.99996, 1), (1.5, 1), (-0.2, 0), (.infinity, 1), (-.infinity, 0), (.nan, 0), (1e-9, 0),
    ])
    func `figures are rounded to a step from 0 to 1, and no number is 0`(value: Double, step: Double) throws {
        let intent = CachedIntent(
            intentID: "a", similarity: value, confidence: value, gap: value, runnerUp: "b", runnerUpProbability: value)
        #expect([intent.similarity, intent.confidence, intent.gap] == [step, step, step])
        #expect(intent.runnerUpProbability == step)
        #expect(try CachedIntent(json: intent.json) == intent)
    }

    @Test func `half a runner-up is none`() {
        let none = CachedIntent(intentID: "a", similarity: 1, confidence: 1, gap: 1)
        #expect(CachedIntent(intentID: "a", similarity: 1, confidence: 1, gap: 1, runnerUp: "b") == none)
        #expect(CachedIntent(intentID: "a", similarity: 1, confidence: 1, gap: 1, runnerUpProbability: 0.5) == none)
    }

    @Test func `the order of the members does not matter`() throws {
        let text =
            #"{"gap":0,"runner_up_probability":null,"runner_up":null,"intent_id":"a","confidence":0,"similarity":0}"#
        #expect(
            try CachedIntent(json: Array(text.utf8))
                == CachedIntent(intentID: "a", similarity: 0, confidence: 0, gap: 0))
    }

    @Test(arguments: [
        // Of a whole decision, what is there and what stands in its place.
        (#""intent_id":"book","#, ""), (#""similarity":0.9321,"#, ""), (#","runner_up":"cancel""#, ""),
        (#","runner_up_probability":0.0001"#, ""), (#""gap":1"#, #""gap":1,"text":"x""#),
        (#""gap":1"#, #""gap":1,"gap":1"#), (#""gap":1"#, #""GAP":1"#), (#""gap":1"#, #""gap":"1""#),
        (#""gap":1"#, #""gap":true"#), (#""gap":1"#, #""gap":null"#), (#""gap":1"#, #""gap":[1]"#),
        (#""gap":1"#, #""gap":1.0001"#), (#""gap":1"#, #""gap":-0.0001"#), (#""gap":1"#, #""gap":0.00001"#),
        (#""gap":1"#, #""gap":1e999"#), (#""gap":1"#, #""gap":2"#), ("0.9321", "0.93215"), (#""book""#, #""""#),
        (#""book""#, "7"), (#""book""#, "null"), (#""cancel""#, "null"), ("0.0001", "null"), (#""cancel""#, #""""#),
        (#""cancel""#, "1"), ("0.0001", #""0.0001""#), ("0.0001", "0.00015"), (#"{"intent"#, #"[{"intent"#), ("}", ""),
        ("}", "}}"), ("}", "} x"), (#""book""#, #""\ud800""#),
    ])
    func `a decision with anything missing, unknown or wrong is refused`(part: String, replacement: String) throws {
        let place = try #require(Self.whole.firstRange(of: part))
        let text = Self.whole.replacing(place, by: replacement)
        let error = #expect(throws: IntentCacheError.self) { try CachedIntent(json: Array(text.utf8)) }
        #expect(error?.codeName == "intent_cache_damaged")
        #expect(error?.description.contains("book") == false)
    }

    @Test(arguments: ["", "null", "[]", "\"a\"", "{}", "7", "\u{FEFF}{}", "{\"a\":{}}"])
    func `what is no such object is refused`(text: String) {
        #expect(throws: IntentCacheError.self) { try CachedIntent(json: Array(text.utf8)) }
    }

    @Test func `no bytes make it fail otherwise than by refusing`() {
        let whole = Array(Self.whole.utf8)
        for place in whole.indices {
            #expect(throws: IntentCacheError.self) { try CachedIntent(json: Array(whole[..<place])) }
            for byte: UInt8 in [0, 0x22, 0x5C, 0x7B, 0x80, 0xFF] {
                var changed = whole
                changed[place] = byte
                do { _ = try CachedIntent(json: changed) } catch { #expect(error.code == .damaged) }
            }
        }
    }

    @Test func `the longest ids still fit, whatever must be escaped in them, and longer ones do not`() throws {
        let id = String(repeating: "\u{1}", count: CachedIntent.maximumIDBytes)
        let longest = CachedIntent(
            intentID: id, similarity: 0.1111, confidence: 0.1111, gap: 0.1111, runnerUp: id, runnerUpProbability: 0.1111
        )
        #expect(longest.isCacheable && longest.json.count <= CachedIntent.maximumJSONBytes)
        #expect(try CachedIntent(json: longest.json) == longest)
        for intent in [
            CachedIntent(intentID: "a" + id, similarity: 0, confidence: 0, gap: 0),
            CachedIntent(
                intentID: "a", similarity: 0, confidence: 0, gap: 0, runnerUp: id + "a", runnerUpProbability: 0),
        ] {
            #expect(!intent.isCacheable)
            #expect(throws: IntentCacheError.self) { try CachedIntent(json: intent.json) }
        }
        let padded = longest.json + [UInt8](repeating: 0x20, count: CachedIntent.maximumJSONBytes)
        #expect(throws: IntentCacheError.self) { try CachedIntent(json: padded) }
    }
}

extension String {
    fileprivate func replacing(_ range: Range<Index>, by text: String) -> String {
        self[..<range.lowerBound] + text + self[range.upperBound...]
    }
}
