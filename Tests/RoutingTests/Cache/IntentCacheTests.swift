import Dispatch
import OrchCore
import Synchronization
import Testing

@testable import OrchRouting

@Suite struct IntentCacheTests {
    private static let start = Timestamp(microseconds: 1_700_000_000_000_000)
    private static let signer = IntentSigner(secret: Redacted([1, 2, 3]))

    private static func after(_ microseconds: Int64) -> Timestamp {
        start.advanced(by: .microseconds(microseconds))
    }

    private static func signature(_ text: String, agent: String? = nil) -> IntentSignature {
        signer.signature(
            of: text, context: IntentSignature.Context(intents: "i", embedder: "e", thresholds: "t", agent: agent))
    }

    private static func intent(_ id: String) -> CachedIntent {
        CachedIntent(intentID: id, similarity: 0.9, confidence: 0.8, gap: 0.7)
    }

    private static func row(_ id: String, policy: String = "p", from: Int64 = 0, to: Int64 = 1_000_000) -> StoredIntent
    {
        StoredIntent(
            policyHash: policy, signature: signature(id), intent: intent(id), createdAt: after(from),
            expiresAt: after(to))
    }

    private func cache(_ maximumRows: Int = 10_000, unsaved: Int = 1024) -> IntentCache {
        IntentCache(lifetime: .seconds(1), maximumRows: maximumRows, maximumUnsaved: unsaved)
    }

    private func insert(_ id: String, into cache: IntentCache, policy: String = "p", at time: Int64 = 0) {
        cache.insert(Self.intent(id), policyHash: policy, signature: Self.signature(id), at: Self.after(time))
    }

    private func lookup(_ id: String, in cache: IntentCache, policy: String = "p", at time: Int64 = 0) -> String? {
        cache.lookup(policyHash: policy, signature: Self.signature(id), at: Self.after(time))?.intentID
    }

    private func ids(_ cache: IntentCache) -> [String] { cache.order.map(\.intent.intentID) }

    // MARK: Whose it is

    @Test func `what was remembered is found again, whole`() {
        let cache = cache()
        let intent = CachedIntent(
            intentID: "book", similarity: 0.9, confidence: 0.8, gap: 0.7, runnerUp: "b", runnerUpProbability: 0.1)
        cache.insert(intent, policyHash: "p", signature: Self.signature("Book  it"), at: Self.start)
        #expect(cache.lookup(policyHash: "p", signature: Self.signature("book it"), at: Self.start) == intent)
        #expect(cache.lookup(policyHash: "p", signature: Self.signature("book"), at: Self.start) == nil)
    }

    @Test func `two agents, or one and none, never share a decision`() {
        let agents: [String?] = [nil, "", "a", "b"]
        for (place, agent) in agents.enumerated() {
            let cache = cache()
            cache.insert(
                Self.intent("x"), policyHash: "p", signature: Self.signature("text", agent: agent), at: Self.start)
            for (otherPlace, other) in agents.enumerated() {
                let found = cache.lookup(
                    policyHash: "p", signature: Self.signature("text", agent: other), at: Self.start)
                #expect((found != nil) == (place == otherPlace))
            }
        }
    }

    @Test func `two policies never share a decision, and each keeps its own`() {
        let cache = cache()
        insert("a", into: cache, policy: "one")
        #expect(lookup("a", in: cache, policy: "two") == nil)
        cache.insert(Self.intent("b"), policyHash: "two", signature: Self.signature("a"), at: Self.start)
        #expect(lookup("a", in: cache, policy: "one") == "a")
        #expect(lookup("a", in: cache, policy: "two") == "b")
        #expect(cache.count == 2)
    }

    // MARK: Time

    @Test func `a decision holds up to the last microsecond of its time, and not at its end`() {
        let cache = cache()
        insert("a", into: cache, at: 5)
        #expect(lookup("a", in: cache, at: 1_000_004) == "a")
        #expect(lookup("a", in: cache, at: 1_000_005) == nil)
        #expect(cache.count == 0, "what was found to be over is gone")
    }

    @Test func `being asked for does not make a decision hold longer, being made again does`() {
        let cache = cache()
        insert("a", into: cache)
        #expect(lookup("a", in: cache, at: 999_999) == "a")
        #expect(lookup("a", in: cache, at: 1_000_000) == nil)
        insert("a", into: cache)
        insert("a", into: cache, at: 500_000)
        #expect(lookup("a", in: cache, at: 1_499_999) == "a")
        #expect(lookup("a", in: cache, at: 1_500_000) == nil)
    }

    @Test func `after the clock was set back, a decision holds no longer than one that is new`() {
        let cache = cache()
        insert("a", into: cache, at: 3_600_000_000)
        #expect(lookup("a", in: cache, at: 0) == "a")
        #expect(lookup("a", in: cache, at: 999_999) == "a")
        #expect(lookup("a", in: cache, at: 1_000_000) == nil)
    }

    @Test func `what is over goes when it is pruned, and nothing else does`() {
        let cache = cache(2000)
        for number in 0..<1500 { insert("\(number)", into: cache, at: Int64(number)) }
        #expect(cache.prune(at: Self.after(999_999)) == 0)
        #expect(cache.prune(at: Self.after(1_000_699)) == 700)
        #expect(cache.prune(at: Self.after(1_000_699)) == 0)
        #expect(cache.count == 800)
        #expect(ids(cache) == (700..<1500).reversed().map(String.init))
        for number in 0..<1200 { insert("new \(number)", into: cache, at: 2_000_000) }
        #expect(cache.count == 2000)
        #expect(lookup("1499", in: cache, at: 1499) == "1499")
        #expect(cache.prune(at: Self.after(3_000_000)) == 2000)
        #expect(cache.count == 0 && cache.order.isEmpty)
    }

    // MARK: Room

    @Test func `where there is no room, what was used least recently goes`() {
        let cache = cache(3)
        for id in ["a", "b", "c"] { insert(id, into: cache) }
        #expect(lookup("a", in: cache) == "a")
        insert("d", into: cache)
        #expect(ids(cache) == ["d", "a", "c"])
        #expect(lookup("b", in: cache) == nil)
        insert("c", into: cache)
        insert("e", into: cache)
        #expect(ids(cache) == ["e", "c", "d"])
    }

    @Test func `one row is room enough for one`() {
        let cache = cache(1)
        for id in ["a", "b", "b", "c"] {
            insert(id, into: cache)
            #expect(ids(cache) == [id])
            #expect(lookup(id, in: cache) == id)
        }
    }

    @Test func `whatever is done, it holds what a plain list would`() {
        var state: UInt64 = 7
        func random(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        let names = (0..<24).map { "\($0)" }
        let cache = cache(10)
        // The one used last first.
        var model: [(id: String, end: Int64)] = []
        for step in 0..<30_000 {
            let time = Int64(step) * 20_000
            let id = names[random(names.count)]
            let place = model.firstIndex { $0.id == id }
            switch random(20) {
            case 0..<9:
                insert(id, into: cache, at: time)
                if let place { model.remove(at: place) } else if model.count == 10 { model.removeLast() }
                model.insert((id, time + 1_000_000), at: 0)
            case 9..<18:
                let found = lookup(id, in: cache, at: time)
                let row = place.map { model.remove(at: $0) }
                let isAlive = row.map { $0.end > time } ?? false
                #expect((found != nil) == isAlive)
                if let row, isAlive { model.insert(row, at: 0) }
            case 18:
                let removed = cache.prune(at: Self.after(time))
                #expect(removed == model.count { $0.end <= time })
                model.removeAll { $0.end <= time }
            default:
                cache.restore([Self.row(id, to: time + 500_000)], at: Self.after(time))
                if place == nil, model.count < 10 { model.append((id, time + 500_000)) }
            }
            #expect(ids(cache) == model.map(\.id) && cache.count == model.count)
        }
    }

    @Test func `what could not be stored is not remembered`() {
        let cache = cache()
        let long = String(repeating: "é", count: 513)
        insert(long, into: cache)
        insert("", into: cache)
        insert("a", into: cache, policy: "")
        insert("a", into: cache, policy: String(repeating: "p", count: 129))
        cache.restore([Self.row(long), Self.row("")], at: Self.start)
        #expect(cache.count == 0 && cache.takeUnsaved(limit: 10).isEmpty)
        insert(String(long.dropLast()), into: cache, policy: String(repeating: "p", count: 128))
        #expect(cache.count == 1)
    }

    // MARK: Storage

    @Test func `what is new waits to be written once, in its order and in bounded portions`() {
        let cache = cache()
        for number in 0..<5 { insert("\(number)", into: cache, at: Int64(number)) }
        #expect(cache.takeUnsaved(limit: 0).isEmpty)
        #expect(
            cache.takeUnsaved(limit: 3)
                == (0..<3).map { Self.row("\($0)", from: Int64($0), to: Int64($0) + 1_000_000) })
        #expect(cache.takeUnsaved(limit: 3).map(\.intent.intentID) == ["3", "4"])
        #expect(cache.takeUnsaved(limit: 3).isEmpty)
        #expect(lookup("0", in: cache) == "0")
        #expect(cache.takeUnsaved(limit: 3).isEmpty, "to be asked for is no reason to be written")
    }

    @Test func `more than may wait is remembered, but not written`() {
        let cache = cache(unsaved: 2)
        for id in ["a", "b", "c"] { insert(id, into: cache) }
        #expect(lookup("c", in: cache) == "c")
        let taken = cache.takeUnsaved(limit: 10)
        #expect(taken.map(\.intent.intentID) == ["a", "b"])
        insert("d", into: cache)
        cache.putBack(taken)
        #expect(cache.takeUnsaved(limit: 10).map(\.intent.intentID) == ["b", "d"], "the newer ones have room first")
        cache.putBack(taken + taken)
        #expect(cache.takeUnsaved(limit: 10).count == 2)
    }

    @Test func `what was stored comes back behind what is there, the first rows before the others`() {
        let cache = cache(4)
        insert("a", into: cache)
        insert("b", into: cache)
        let other = StoredIntent(
            policyHash: "p", signature: Self.signature("a"), intent: Self.intent("stored"), createdAt: Self.start,
            expiresAt: Self.after(9))
        cache.restore([other, Self.row("c"), Self.row("d"), Self.row("e")], at: Self.start)
        #expect(ids(cache) == ["b", "a", "c", "d"])
        #expect(lookup("a", in: cache, at: 10) == "a")
        #expect(
            cache.takeUnsaved(limit: 10).map(\.intent.intentID) == ["a", "b"], "what was stored is not written again")
    }

    @Test func `of what was stored, what is over stays away, and nothing holds longer than if it were new`() {
        let cache = cache()
        cache.restore(
            [Self.row("over", to: 10), Self.row("short", to: 11), Self.row("long", to: 9_000_000)], at: Self.after(10))
        #expect(ids(cache) == ["short", "long"])
        #expect(lookup("short", in: cache, at: 11) == nil)
        #expect(lookup("long", in: cache, at: 1_000_009) == "long")
        #expect(lookup("long", in: cache, at: 1_000_010) == nil)
    }

    // MARK: Threads

    @Test func `many threads at once never exceed the bounds, and find nothing but what was put there`() {
        let cache = cache(100, unsaved: 50)
        let names = (0..<300).map { "\($0)" }
        let signatures = names.map { Self.signature($0) }
        let wrong = Atomic(0)
        let found = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: 8) { thread in
            for step in 0..<5000 {
                let place = (step &* 7919 &+ thread &* 104_729) % names.count
                let time = Self.after(Int64(step))
                cache.insert(
                    Self.intent(names[place]), policyHash: "p", signature: signatures[place], at: time)
                let other = (place + step) % 120
                if let intent = cache.lookup(policyHash: "p", signature: signatures[other], at: time) {
                    found.add(1, ordering: .relaxed)
                    if intent.intentID != names[other] { wrong.add(1, ordering: .relaxed) }
                }
                if step.isMultiple(of: 64) {
                    if cache.count > 100 || cache.takeUnsaved(limit: 60).count > 50 { wrong.add(1, ordering: .relaxed) }
                    _ = cache.prune(at: Self.after(Int64(step) + 999_900))
                }
            }
        }
        #expect(wrong.load(ordering: .relaxed) == 0)
        #expect(found.load(ordering: .relaxed) > 0)
        let order = cache.order
        #expect(order.count == cache.count && order.count <= 100)
        #expect(Set(order.map(\.signature)).count == order.count)
    }
}
