import OrchCore
import Testing

@testable import OrchApprovals

@Suite struct PayloadCipherTests {
    private let cipher = PayloadCipher(secret: Redacted([UInt8](repeating: 7, count: 32)))
    private let text = Array("what was asked for".utf8)

    @Test func `what was sealed opens, and is in nothing that is stored`() throws {
        let sealed = try cipher.seal(text, .payload, of: "r1")
        #expect(try cipher.open(sealed, .payload, of: "r1") == text)
        #expect(!sealed.json.contains("asked") && sealed.json.hasPrefix(#"{"v":1,"box":""#))
        #expect(try cipher.seal(text, .payload, of: "r1") != sealed, "a nonce is used once")
        #expect(try cipher.open(cipher.seal([], .note, of: "r1"), .note, of: "r1").isEmpty)
    }

    @Test func `it opens under its own key, for its own review and as its own part alone`() throws {
        let sealed = try cipher.seal(text, .payload, of: "r1")
        let other = PayloadCipher(secret: Redacted([UInt8](repeating: 8, count: 32)))
        #expect(throws: ApprovalError.self) { try other.open(sealed, .payload, of: "r1") }
        #expect(throws: ApprovalError.self) { try cipher.open(sealed, .payload, of: "r2") }
        #expect(throws: ApprovalError.self) { try cipher.open(sealed, .result, of: "r1") }
    }

    @Test func `a changed byte, and what is no box, does not open`() throws {
        let sealed = try cipher.seal(text, .payload, of: "r1")
        let box = try #require(try JSONValue(parsing: Array(sealed.json.utf8)).objectValue?["box"]?.stringValue)
        let bytes = try #require(Base64.decode(box))
        for place in bytes.indices {
            var changed = bytes
            changed[place] ^= 1
            let json = #"{"v":1,"box":"\#(Base64.encode(changed))"}"#
            #expect(throws: ApprovalError.self) { try cipher.open(SealedText(stored: json), .payload, of: "r1") }
        }
        for json in ["", "{}", #"{"v":2,"box":"\#(box)"}"#, #"{"v":1,"box":"AAAA"}"#, #"{"v":1,"box":5}"#] {
            let error = #expect(throws: ApprovalError.self) {
                try cipher.open(SealedText(stored: json), .payload, of: "r1")
            }
            #expect(error?.codeName == "stored_request_unreadable")
        }
    }
}

@Suite struct ApprovalStatusTests {
    @Test func `the words are those that scripts know`() {
        #expect(
            ApprovalStatus.allCases.map(\.rawValue) == [
                "pending", "approved", "denied", "expired", "claimed", "executed", "failed", "unknown",
            ])
        #expect(
            ApprovalRefusal.allCases.map(\.rawValue) == [
                "missing_approval", "unknown_approval", "pending", "denied", "already_consumed", "tool_mismatch",
                "args_hash_mismatch", "expired",
            ])
    }

    @Test func `only what is approved may be claimed`() {
        #expect(ApprovalStatus.allCases.filter { ApprovalRefusal($0) == nil } == [.approved])
    }

    @Test func `arguments are bound by their canonical JSON`() throws {
        let one = try JSONValue(parsing: Array(#"{"b":1.0,"a":"x"}"#.utf8)).objectValue
        let two = try JSONValue(parsing: Array(#"{ "a" : "x", "b" : 1 }"#.utf8)).objectValue
        let hash = ArgumentsHash(of: try #require(one))
        #expect(hash == ArgumentsHash(of: try #require(two)))
        // printf '{"a":"x","b":1}' | sha256sum
        #expect(hash.hexadecimal == "cdab067e9f3beb32d1252cfd63e492592fecbf591b0d08cadb24bb17f3864246")
        #expect(hash != ArgumentsHash(of: ["a": "x", "b": 2]))
    }

    @Test func `an event names what happened, and never what was asked for`() throws {
        let moment = Timestamp(microseconds: 1_700_000_000_000_000)
        let review = Review(
            id: "r1", tool: "mark", argumentsHash: ArgumentsHash(of: ["text": "canary"]), requester: "ann",
            createdAt: moment, expiresAt: moment.advanced(by: .seconds(9)))
        let event = ReviewEvent.review(review, at: moment)
        let body = try #require(try JSONValue(parsing: event.body).objectValue)
        #expect(body["type"] == "review.pending" && body["id"]?.stringValue == event.id)
        #expect(body["data"]?.objectValue?["request_id"] == "r1" && body["data"]?.objectValue?["requester"] == "ann")
        let text = String(decoding: event.body, as: UTF8.self)
        #expect(!text.contains("canary") && !text.contains(review.argumentsHash.hexadecimal))
    }
}
