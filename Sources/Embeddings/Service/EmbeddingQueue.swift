/// The texts that wait, and which threads work: a state machine without any I/O, for a mutex.
struct EmbeddingQueue {
    /// Texts of one request that a thread works on.
    struct Part {
        let request: EmbeddingRequest
        let range: Range<Int>
        /// Of its texts together.
        let bytes: Int
    }

    private let maximumTexts: Int
    private let maximumBytes: Int
    /// Parts in the order in which they are taken; those before `head` are gone, and nil.
    private var waiting: [Part?] = []
    private var head = 0
    private var isWorking: [Bool]
    /// Texts that wait or are worked on.
    private(set) var texts = 0
    private(set) var bytes = 0

    init(threads: Int, maximumTexts: Int, maximumBytes: Int) {
        self.maximumTexts = maximumTexts
        self.maximumBytes = maximumBytes
        isWorking = Array(repeating: false, count: threads)
    }

    /// Puts a request's texts at the end. Returns the threads that are to begin.
    mutating func add(_ request: EmbeddingRequest) -> Result<[Int], EmbedderError> {
        let count = request.texts.count
        let size = request.texts.reduce(0) { $0 + $1.utf8.count }
        guard count <= maximumTexts, size <= maximumBytes else {
            return .failure(
                EmbedderError(
                    .inputTooLarge,
                    "\(count) texts of \(size) bytes; at most \(maximumTexts) of \(maximumBytes) are taken at once"))
        }
        guard count <= maximumTexts - texts, size <= maximumBytes - bytes else {
            return .failure(
                EmbedderError(
                    .queueFull,
                    "\(texts) texts of \(bytes) bytes wait; no more than \(maximumTexts) of \(maximumBytes) may"))
        }
        var started: [Int] = []
        for start in stride(from: 0, to: count, by: EmbeddingService.portion) {
            let range = start..<min(count, start + EmbeddingService.portion)
            let size = request.texts[range].reduce(0) { $0 + $1.utf8.count }
            waiting.append(Part(request: request, range: range, bytes: size))
            if let lane = isWorking.firstIndex(of: false) {
                isWorking[lane] = true
                started.append(lane)
            }
        }
        texts += count
        bytes += size
        return .success(started)
    }

    /// The next part for a thread; nil where there is none, and the thread ends.
    mutating func take(_ lane: Int) -> Part? {
        guard head < waiting.count, let part = waiting[head] else {
            isWorking[lane] = false
            waiting.removeAll(keepingCapacity: true)
            head = 0
            return nil
        }
        // What is taken is not kept here beyond its work.
        waiting[head] = nil
        head += 1
        if head > 64, head * 2 > waiting.count {
            waiting.removeFirst(head)
            head = 0
        }
        return part
    }

    /// A part that was taken is done.
    mutating func finish(_ part: Part) {
        texts -= part.range.count
        bytes -= part.bytes
    }

    /// Takes out what of a request waits still.
    mutating func drop(_ request: EmbeddingRequest) {
        var kept: [Part?] = []
        for case let part? in waiting[head...] {
            if part.request === request { finish(part) } else { kept.append(part) }
        }
        waiting = kept
        head = 0
    }
}
