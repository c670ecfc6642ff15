### Files that start what was chosen.

report-launch-acceptance = The acceptance test
report-launch-from-another = From another machine: { $command }
report-launch-wired-limit = To raise macOS's limit for the GPU, if it does not fit: sudo sysctl iogpu.wired_limit_mb=…
report-launch-llama-server = llama-server on each machine, as planned
report-launch-ollama = The same with Ollama, which is based on llama.cpp
report-launch-each-machine = on each machine
report-launch-each-server = on each of the { $count } servers of a replica
report-launch-planned = { $engine } { $place }, as planned
report-launch-other = { $engine } { $place }: not the planned engine, so measure it
report-launch-ray-workers = Ray connects the servers of a replica. First on every other server: sh vllm.sh worker ADDRESS-OF-THE-FIRST
report-launch-ray-head = Then on the first: sh vllm.sh
report-launch-experts-spread = vLLM spreads the experts over all replicas of a machine; the plan assumes them in each.
report-launch-sglang-nodes = On the first server of a replica: HEAD=ITS-ADDRESS NODE_RANK=0 sh sglang.sh; on the next NODE_RANK=1 …
report-launch-local-weights = Or use a folder with the weights: MODEL=/srv/models/r1 sh …
report-launch-no-checkpoint = The plan uses 4-bit weights, which the makers of { $repository } do not publish: name an AWQ or GPTQ checkpoint.
report-launch-leader-worker-set = Kubernetes with LeaderWorkerSet: { $groups } replicas of { $servers } servers each
report-launch-kubernetes = Kubernetes: { $groups } machines behind one address
report-launch-controller = Needs the LeaderWorkerSet controller, and RDMA between the servers: the plan assumes 400 Gbit/s per GPU.
report-launch-pin = Pin the image to the version that passed the acceptance test; weights are in /srv/models on each server.
