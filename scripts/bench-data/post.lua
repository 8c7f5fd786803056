-- Posts one fixed chat request with a bearer token; at the end prints one line that scripts/bench reads.
local function contents(path)
    local file = assert(io.open(path, "rb"))
    local text = file:read("*a")
    file:close()
    return text
end

wrk.method = "POST"
wrk.path = "/v1/chat/completions"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer " .. os.getenv("BENCH_TOKEN")
wrk.body = contents(os.getenv("BENCH_REQUEST"))

function done(summary, latency, requests)
    local errors = summary.errors
    local failed = errors.status + errors.connect + errors.read + errors.write + errors.timeout
    io.write(string.format("BENCH %d %d %d %.0f %.0f\n", summary.requests, summary.duration, failed,
        latency:percentile(50), latency:percentile(99)))
end
