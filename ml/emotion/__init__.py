"""Reading an expression from an aligned face crop: network, training, evaluation, predictor."""
